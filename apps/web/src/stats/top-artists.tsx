/** The artists played most; each one narrows the lists to its songs. */
import type { Statistics } from "../api/stats-wire.ts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { artistsInFocus } from "./focus.ts";
import { counted, formatListening } from "./listening-wording.ts";
import { MoreButton, useShownLength } from "./more-button.tsx";
import { PlaysBar } from "./plays-bar.tsx";

const FIRST = 8;

interface TopArtistsProps {
  readonly place: StatsLocation;
  readonly statistics: Statistics;
}

export function TopArtists({ place, statistics }: TopArtistsProps) {
  const artists = artistsInFocus(statistics.topArtists, statistics.topSongs, place.focus);
  const shown = useShownLength(artists.length, FIRST);
  const most = artists[0]?.plays ?? 0;
  return (
    <section className="panel stats-panel" aria-labelledby="artists-heading">
      <header className="panel-header">
        <h2 id="artists-heading">Top artists</h2>
        <span className="small soft">{counted(statistics.artistCount, "artist")} in all</span>
      </header>
      <ol className="top-names">
        {artists.slice(0, shown.length).map(({ artist, plays, seconds }, index) => {
          const isFocused = place.focus?.kind === "artist" && place.focus.name === artist;
          return (
            <li key={artist} title={`${formatListening(seconds)} listened`}>
              <span className="top-rank numeric" aria-hidden="true">
                {index + 1}
              </span>
              <PageLink
                className="one-line"
                to={{ ...place, focus: isFocused ? null : { kind: "artist", name: artist } }}
                aria-current={isFocused ? "true" : undefined}
              >
                {artist}
              </PageLink>
              <PlaysBar plays={plays} most={most} />
            </li>
          );
        })}
      </ol>
      <MoreButton shown={shown} what="artists" />
    </section>
  );
}
