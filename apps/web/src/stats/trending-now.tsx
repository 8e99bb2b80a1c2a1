/** What is played most at this time, whichever period is looked at. */
import { useTrending } from "../api/queries.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { PlayMarkButton } from "../plays/play-mark-button.tsx";

const LENGTH = 5;

export function TrendingNow() {
  const { data } = useTrending(LENGTH, true);
  if (data === undefined || data.length === 0) return null;
  return (
    <section className="panel stats-panel" aria-labelledby="trending-heading">
      <header className="panel-header">
        <h2 id="trending-heading">Trending now</h2>
      </header>
      <ol className="trending-now">
        {data.map((song) => (
          <li key={song.id}>
            <CoverTile id={song.id} artist={song.artist} genre={song.genre} size={40} />
            <span className="top-song-text">
              <span className="one-line">{song.title}</span>
              <span className="small soft one-line">{song.artist}</span>
            </span>
            <PlayMarkButton song={song} />
          </li>
        ))}
      </ol>
    </section>
  );
}
