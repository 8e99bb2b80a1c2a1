/** The last few covers of a list, overlapping: a list at a glance. */
import type { CoverSubject } from "../covers/cover-art.ts";
import { CoverTile } from "../covers/cover-tile.tsx";

const SHOWN_MAX = 5;

export function TileStack({
  songs,
  size = 28,
}: {
  readonly songs: readonly CoverSubject[];
  readonly size?: number;
}) {
  return (
    <span className="tile-stack" aria-hidden="true">
      {songs.slice(-SHOWN_MAX).map(({ id, artist, genre }) => (
        <CoverTile key={id} id={id} artist={artist} genre={genre} size={size} />
      ))}
    </span>
  );
}
