/** A number of plays with a bar that compares it to the largest of its list. */
import { formatCount } from "./listening-wording.ts";

interface PlaysBarProps {
  readonly plays: number;
  readonly most: number;
}

export function PlaysBar({ plays, most }: PlaysBarProps) {
  const length = most === 0 ? 0 : (plays / most) * 100;
  return (
    <span className="plays-bar">
      <span className="numeric">
        {formatCount(plays)}
        <span className="visually-hidden"> {plays === 1 ? "play" : "plays"}</span>
      </span>
      <span className="plays-track" aria-hidden="true">
        <i style={{ width: `${length}%` }} />
      </span>
    </span>
  );
}
