/** A song's drawn cover. Decoration: the song's name is always beside it. */
import { memo } from "react";
import { type CoverSubject, coverArtFor } from "./cover-art.ts";
import "./cover-tile.css";

interface CoverTileProps extends CoverSubject {
  /** Pixels; left out, the tile fills its container. */
  readonly size?: number;
}

export const CoverTile = memo(function CoverTile({ id, artist, genre, size }: CoverTileProps) {
  const { ground, shapes } = coverArtFor({ id, artist, genre });
  return (
    <svg
      className="cover-tile"
      viewBox="0 0 40 40"
      width={size ?? "100%"}
      height={size ?? "100%"}
      aria-hidden="true"
      focusable="false"
    >
      <rect width="40" height="40" fill={ground} />
      {shapes.map(({ d, fill }) => (
        <path key={`${fill}${d}`} d={d} fill={fill} />
      ))}
    </svg>
  );
});
