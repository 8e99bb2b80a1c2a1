/** Says what the lists are narrowed to, and leads back to all of it. */
import type { Statistics } from "../api/stats-wire.ts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { IconX } from "../theme/icons.ts";
import { counted, formatListening, formatShare } from "./listening-wording.ts";

interface FocusBarProps {
  readonly place: StatsLocation;
  readonly statistics: Statistics;
}

export function FocusBar({ place, statistics }: FocusBarProps) {
  const { focus } = place;
  if (focus === null) return null;
  const listening =
    focus.kind === "artist"
      ? statistics.topArtists.find(({ artist }) => artist === focus.name)
      : statistics.topGenres.find(({ genre }) => (genre ?? "") === focus.name);
  return (
    <div className="focus-bar" role="status">
      <p>
        <strong>{focus.name === "" ? "No genre known" : focus.name}</strong>{" "}
        {listening === undefined
          ? "is not among the most played here"
          : `${counted(listening.plays, "play")}, ${formatListening(listening.seconds)}, ${formatShare(listening.plays / statistics.plays)} of what was played`}
      </p>
      <PageLink to={{ ...place, focus: null }} className="focus-clear">
        <IconX size={16} aria-hidden="true" /> Show everything
      </PageLink>
    </div>
  );
}
