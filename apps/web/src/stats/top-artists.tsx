/** The artists played most; each one narrows the lists to its songs. */
import type { ListeningPart } from "../api/stats-wire.ts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { counted, formatListening } from "./listening-wording.ts";
import { MoreButton, useShownLength } from "./more-button.tsx";
import { PanelScope } from "./panel-scope.tsx";
import { PlaysBar } from "./plays-bar.tsx";

const FIRST = 8;

interface TopArtistsProps {
  readonly place: StatsLocation;
  readonly part: Pick<ListeningPart, "topArtists" | "artistCount">;
}

export function TopArtists({ place, part }: TopArtistsProps) {
  const artists = part.topArtists;
  const shown = useShownLength(artists.length, FIRST);
  const most = artists[0]?.plays ?? 0;
  return (
    <section className="panel stats-panel" aria-labelledby="artists-heading">
      <header className="panel-header">
        <h2 id="artists-heading">Top artists</h2>
        {place.focus?.kind === "artist" ? (
          <PanelScope focus={place.focus} chosenIn="artist" />
        ) : (
          <span className="small soft">{counted(part.artistCount, "artist")} in all</span>
        )}
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
