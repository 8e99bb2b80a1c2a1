/** One song found, with the matching letters marked. */

import { useEffect, useRef } from "react";
import type { Song } from "../api/wire.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { IconCheck, IconPlus } from "../theme/icons.ts";
import { highlightParts } from "./highlight.ts";

interface SearchOptionProps {
  readonly id: string;
  readonly song: Song;
  readonly search: string;
  readonly isActive: boolean;
  readonly isPicked: boolean;
  readonly isFull: boolean;
  readonly onPoint: () => void;
  readonly onToggle: () => void;
}

export function SearchOption(props: SearchOptionProps) {
  const { id, song, search, isActive, isPicked, isFull, onPoint, onToggle } = props;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  const facts = [song.album, song.year].filter((fact) => fact !== null).join(" · ");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox owns the keys of its options
    <div
      ref={row}
      id={id}
      role="option"
      tabIndex={-1}
      className="search-option"
      aria-selected={isPicked}
      aria-disabled={isFull && !isPicked}
      data-active={isActive || undefined}
      onMouseMove={isActive ? undefined : onPoint}
      // The focus stays in the field, so that typing goes on.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onToggle}
    >
      <CoverTile id={song.id} artist={song.artist} genre={song.genre} size={44} />
      <span className="search-option-text">
        <span className="search-option-title one-line">
          <Marked text={song.title} search={search} />
        </span>
        <span className="search-option-facts one-line">
          <Marked text={song.artist} search={search} />
          {facts !== "" && <span> · {facts}</span>}
        </span>
      </span>
      <span className="search-option-state" data-picked={isPicked || undefined}>
        {isPicked ? (
          <>
            <IconCheck size={16} aria-hidden="true" /> Picked
          </>
        ) : (
          <IconPlus size={18} aria-hidden="true" />
        )}
      </span>
    </div>
  );
}

function Marked({ text, search }: { readonly text: string; readonly search: string }) {
  let at = 0;
  return highlightParts(text, search).map((part) => {
    const key = at;
    at += part.text.length;
    return part.isMatch ? <mark key={key}>{part.text}</mark> : <span key={key}>{part.text}</span>;
  });
}
