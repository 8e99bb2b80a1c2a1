/** Genres as parts of all plays; each one narrows the lists to its songs. */
import { DonutChart } from "@mantine/charts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { navigate } from "../location/use-page-location.ts";
import { type GenreShare, genreShares } from "./genre-shares.ts";
import { counted, formatShare } from "./listening-wording.ts";
import { PanelScope } from "./panel-scope.tsx";
import type { ShownStatistics } from "./shown-statistics.ts";

interface GenrePanelProps {
  readonly place: StatsLocation;
  readonly genres: ShownStatistics["genres"];
}

export function GenrePanel({ place, genres }: GenrePanelProps) {
  const shares = genreShares(genres.topGenres, genres.plays);
  const placeOf = (genre: string): StatsLocation => ({
    ...place,
    focus: isFocused(place, genre) ? null : { kind: "genre", name: genre },
  });
  return (
    <section className="panel stats-panel" aria-labelledby="genres-heading">
      <header className="panel-header">
        <h2 id="genres-heading">Genres</h2>
        <PanelScope focus={place.focus} chosenIn="genre" />
      </header>
      <div className="genre-shares">
        <div aria-hidden="true" className="genre-donut">
          <DonutChart
            size={168}
            thickness={30}
            strokeWidth={2}
            strokeColor="var(--surface)"
            withTooltip={false}
            accessibilityLayer={false}
            data={shares.map(({ label, plays }, index) => ({
              name: label,
              value: plays,
              color: colorOf(shares, index),
            }))}
            pieProps={{
              isAnimationActive: false,
              rootTabIndex: -1,
              onClick: (_sector: unknown, index: number) => {
                const genre = shares[index]?.genre ?? null;
                if (genre !== null) navigate(placeOf(genre), "push");
              },
            }}
          />
        </div>
        <ul className="genre-list">
          {shares.map(({ genre, label, plays, share }, index) => (
            <li key={label} title={counted(plays, "play")}>
              <i style={{ background: colorOf(shares, index) }} aria-hidden="true" />
              {genre === null ? (
                <span className="one-line">{label}</span>
              ) : (
                <PageLink
                  className="one-line"
                  to={placeOf(genre)}
                  aria-current={isFocused(place, genre) ? "true" : undefined}
                >
                  {label}
                </PageLink>
              )}
              <span className="numeric soft">{formatShare(share)}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function isFocused({ focus }: StatsLocation, genre: string): boolean {
  return focus?.kind === "genre" && focus.name === genre;
}

/** What has no name has no colour of its own. */
function colorOf(shares: readonly GenreShare[], index: number): string {
  const genre = shares[index]?.genre;
  if (genre === null) return "var(--chart-others)";
  return genre === "" ? "var(--chart-unknown)" : `var(--chart-${index + 1})`;
}
