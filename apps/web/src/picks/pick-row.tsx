/** One picked song; while a recommendation is pointed at, how much this song spoke for it. */
import { ActionIcon } from "@mantine/core";
import type { Song } from "../api/wire.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { IconX } from "../theme/icons.ts";

interface PickRowProps {
  readonly song: Song;
  readonly share: number | undefined;
  readonly onRemove: () => void;
}

export function PickRow({ song, share, onRemove }: PickRowProps) {
  return (
    <li className="pick-row" data-lit={share !== undefined || undefined}>
      <CoverTile id={song.id} artist={song.artist} genre={song.genre} size={44} />
      <div className="pick-row-text">
        <p className="pick-row-title one-line">{song.title}</p>
        <p className="small soft one-line">{song.artist}</p>
      </div>
      {share !== undefined && (
        <span className="pick-row-share numeric" aria-hidden="true">
          {Math.round(share * 100)} %
        </span>
      )}
      <ActionIcon
        variant="subtle"
        color="var(--ink)"
        size={36}
        aria-label={`Remove ${song.title}`}
        onClick={onRemove}
      >
        <IconX size={17} />
      </ActionIcon>
    </li>
  );
}
