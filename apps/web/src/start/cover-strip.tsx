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
      <Part tiles={TILES.slice(0, PICKED)} caption="Your five" />
      <Part tiles={TILES.slice(PICKED)} caption="Segue goes on" />
    </div>
  );
}

interface PartProps {
  readonly tiles: typeof TILES;
  readonly caption: string;
}

function Part({ tiles, caption }: PartProps) {
  return (
    <div className="cover-strip-part">
      <div className="cover-strip-tiles">
        {tiles.map((tile) => (
          <span className="cover-strip-tile" key={tile.id}>
            <CoverTile {...tile} />
          </span>
        ))}
      </div>
      <span className="cover-strip-caption">{caption}</span>
    </div>
  );
}
