/** The idea in one picture: five songs, and the list that goes on from them. */
import { CoverTile } from "../covers/cover-tile.tsx";
import { SEEDS } from "./seeds.ts";

const TILES = SEEDS.flatMap(({ queries, genre }) =>
  queries.map((query) => ({ id: query, artist: query, genre })),
);
const PICKED = 5;

export function CoverStrip() {
  return (
    <div className="cover-strip" aria-hidden="true">
      {TILES.map((tile, index) => (
        <span className="cover-strip-tile" data-picked={index < PICKED || undefined} key={tile.id}>
          <CoverTile {...tile} />
        </span>
      ))}
    </div>
  );
}
