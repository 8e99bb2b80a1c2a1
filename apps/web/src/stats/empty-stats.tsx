/** Nothing was played: what to do about it. */
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { IconHeadphones } from "../theme/icons.ts";
import { periodWords, unplayedWords } from "./listening-wording.ts";

interface EmptyStatsProps {
  readonly place: StatsLocation;
}

export function EmptyStats({ place }: EmptyStatsProps) {
  const { user, period } = place;
  const isEver = period.kind === "all";
  return (
    <section className="panel stats-empty" aria-labelledby="empty-heading">
      <IconHeadphones size={36} aria-hidden="true" />
      <h2 id="empty-heading">
        {unplayedWords(user)} {isEver ? "yet" : periodWords(period)}
      </h2>
      <p className="soft">
        Plays arrive from players, from an imported history, and from the headphones beside each
        song of a list. They show here the moment they arrive.
      </p>
      <p className="stats-empty-ways">
        {!isEver && (
          <PageLink to={{ ...place, period: { kind: "all" } }}>Look at all time</PageLink>
        )}
        {user !== null && <PageLink to={{ ...place, user: null }}>Look at everybody</PageLink>}
        <PageLink to={{ kind: "picks", songIds: [], after: null }}>
          Make a list and mark what you play
        </PageLink>
        <a href="/docs">Send plays over the API</a>
      </p>
    </section>
  );
}
