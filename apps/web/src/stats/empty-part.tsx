/** Nothing of the focus was played: what to do about it. */
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import type { Focus } from "./focus.ts";
import { periodWords, silenceWords } from "./listening-wording.ts";

interface EmptyPartProps {
  readonly place: StatsLocation;
  readonly focus: Focus;
}

export function EmptyPart({ place, focus }: EmptyPartProps) {
  return (
    <section className="panel stats-empty" aria-labelledby="empty-heading" aria-live="polite">
      <h2 id="empty-heading">
        {silenceWords(focus)} {periodWords(place.period)}
      </h2>
      <p className="stats-empty-ways">
        {place.period.kind !== "all" && (
          <PageLink to={{ ...place, period: { kind: "all" } }}>Look at all time</PageLink>
        )}
        <PageLink to={{ ...place, focus: null }}>Show everything</PageLink>
      </p>
    </section>
  );
}
