/** One recommended song: its rank, how it scored, which picks led to it. */
import { ActionIcon } from "@mantine/core";
import type { CSSProperties } from "react";
import type { RankedSong, Song } from "../api/wire.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { PlayMarkButton } from "../plays/play-mark-button.tsx";
import { IconCheck, IconPlus } from "../theme/icons.ts";
import { reasonTitles, reasonWording } from "./reason-wording.ts";

interface ResultRowProps {
  readonly song: RankedSong;
  readonly rank: number;
  /** 0 to 1. */
  readonly barLength: number;
  readonly picksById: ReadonlyMap<string, Song>;
  readonly isPicked: boolean;
  readonly isFull: boolean;
  readonly onPoint: (song: RankedSong | null) => void;
  readonly onToggle: () => void;
}

export function ResultRow(props: ResultRowProps) {
  const { song, rank, barLength, isPicked, isFull, onPoint, onToggle } = props;
  const facts = [song.artist, song.album, song.year].filter((fact) => fact !== null).join(" · ");
  const label = isPicked
    ? `Remove ${song.title} from your picks`
    : `Add ${song.title} to your picks`;
  return (
    <li
      className="result-row"
      style={{ "--rank": rank, "--length": barLength } as CSSProperties}
      onMouseEnter={() => onPoint(song)}
      onMouseLeave={() => onPoint(null)}
      onFocus={() => onPoint(song)}
      onBlur={() => onPoint(null)}
    >
      <span className="result-rank numeric" aria-hidden="true">
        {rank}
      </span>
      <span className="result-cover">
        <CoverTile id={song.id} artist={song.artist} genre={song.genre} />
      </span>
      <div className="result-text">
        <p className="result-title one-line">{song.title}</p>
        <p className="small soft one-line">{facts}</p>
        <ResultReasons song={song} picksById={props.picksById} />
      </div>
      <span className="result-score" title={`Score ${song.score.toFixed(3)}`} aria-hidden="true" />
      <PlayMarkButton song={song} />
      <ActionIcon
        variant="default"
        size={40}
        radius="xl"
        aria-label={label}
        aria-pressed={isPicked}
        className="result-add"
        disabled={isFull && !isPicked}
        onClick={onToggle}
      >
        {isPicked ? <IconCheck size={19} /> : <IconPlus size={19} />}
      </ActionIcon>
    </li>
  );
}

function ResultReasons({ song, picksById }: Pick<ResultRowProps, "song" | "picksById">) {
  const wording = reasonWording(song.because, (id) => picksById.get(id)?.title);
  if (wording.named.length === 0) return null;
  return (
    <p className="result-reasons">
      <span className="result-reason-tiles">
        {wording.named.map(({ id }) => {
          const pick = picksById.get(id);
          return (
            pick !== undefined && (
              <CoverTile key={id} id={id} artist={pick.artist} genre={pick.genre} size={18} />
            )
          );
        })}
      </span>
      <span className="result-reason-titles">because of {reasonTitles(wording)}</span>
      {wording.othersCount > 0 && (
        <span className="result-reason-more">and {wording.othersCount} more</span>
      )}
    </p>
  );
}
