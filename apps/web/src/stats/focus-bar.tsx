/** Says what the lists are narrowed to, and leads back to all of it. */
import type { ListeningPart } from "../api/stats-wire.ts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { IconX } from "../theme/icons.ts";
import { counted, focusWords, formatListening, formatShare } from "./listening-wording.ts";

interface FocusBarProps {
  readonly place: StatsLocation;
  /** Undefined while it is on its way. */
  readonly part: ListeningPart | undefined;
  /** All plays of the period. */
  readonly plays: number;
}

export function FocusBar({ place, part, plays }: FocusBarProps) {
  const { focus } = place;
  if (focus === null) return null;
  return (
    <div className="focus-bar" role="status">
      <p>
        <strong>{focusWords(focus)}</strong> {part === undefined ? "…" : partWords(part, plays)}
      </p>
      <PageLink to={{ ...place, focus: null }} className="focus-clear">
        <IconX size={16} aria-hidden="true" /> Show everything
      </PageLink>
    </div>
  );
}

function partWords(part: ListeningPart, plays: number): string {
  if (part.plays === 0) return "was not played";
  const share = formatShare(part.plays / plays);
  return `${counted(part.plays, "play")}, ${formatListening(part.seconds)}, ${share} of what was played`;
}
