/** Says what everything beneath is narrowed to, and leads back to all of it. */
import type { ListeningPart } from "../api/stats-wire.ts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { IconX } from "../theme/icons.ts";
import { counted, formatListening, formatShare, onlyWords } from "./listening-wording.ts";

interface FocusBarProps {
  readonly place: StatsLocation;
  readonly part: ListeningPart | null;
  /** All plays of the period. */
  readonly plays: number;
}

export function FocusBar({ place, part, plays }: FocusBarProps) {
  const { focus } = place;
  if (focus === null || part === null) return null;
  return (
    <div className="focus-bar" role="status">
      <p>
        <strong>Only {onlyWords(focus)}</strong>
        <span className="visually-hidden">: {partWords(part, plays)}</span>
        <span className="small soft focus-left-out">
          Sessions, streaks and listeners are left out.
        </span>
      </p>
      <PageLink to={{ ...place, focus: null }} className="focus-clear">
        <IconX size={16} aria-hidden="true" /> Show everything
      </PageLink>
    </div>
  );
}

function partWords(part: ListeningPart, plays: number): string {
  const share = formatShare(Math.min(1, part.plays / plays));
  return `${counted(part.plays, "play")}, ${formatListening(part.seconds)}, ${share} of what was played`;
}
