/** The picked songs, the places still free, and the button that continues the list. */
import { Button, Skeleton, UnstyledButton } from "@mantine/core";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { Song } from "../api/wire.ts";
import type { Session } from "../session/use-session.ts";
import { IconArrowBackUp, IconChevronDown } from "../theme/icons.ts";
import { ContinueButton } from "./continue-button.tsx";
import { PickRow } from "./pick-row.tsx";
import { PICKS_MIN } from "./pick-rules.ts";
import { TileStack } from "./tile-stack.tsx";
import "./pick-panel.css";

interface PickPanelProps {
  readonly session: Session;
  /** Share of each picked song in the recommendation that is pointed at. */
  readonly shares: ReadonlyMap<string, number>;
  /** On a phone the picks make room once there is a result. */
  readonly isCollapsible: boolean;
  readonly searchInput: RefObject<HTMLInputElement | null>;
}

export function PickPanel({ session, shares, isCollapsible, searchInput }: PickPanelProps) {
  const { songs, isLoading } = session.picks;
  const [isExpanded, setIsExpanded] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const focusNext = useFocusAfterRemoval(list, searchInput);
  const isOpen = !isCollapsible || isExpanded;
  const remove = (song: Song) => {
    focusNext(songs.indexOf(song));
    session.remove(song);
  };
  return (
    <section className="pick-panel panel" aria-labelledby="picks-heading">
      <header className="pick-panel-header">
        <h2 id="picks-heading">
          Your picks <span className="pick-count numeric">{songs.length}</span>
        </h2>
        {isCollapsible ? (
          <UnstyledButton
            className="pick-toggle"
            aria-expanded={isOpen}
            aria-controls="picks-list"
            onClick={() => setIsExpanded(!isExpanded)}
          >
            {!isOpen && <TileStack songs={songs} />}
            {isOpen ? "Done" : "Edit"} <IconChevronDown size={18} aria-hidden="true" />
          </UnstyledButton>
        ) : (
          songs.length > 0 && (
            <Button variant="subtle" size="compact-sm" onClick={session.clear}>
              Clear all
            </Button>
          )
        )}
      </header>
      <div id="picks-list" hidden={!isOpen}>
        <ul className="pick-list" ref={list}>
          {songs.map((song) => (
            <PickRow
              key={song.id}
              song={song}
              share={shares.get(song.id)}
              onRemove={() => remove(song)}
            />
          ))}
          {isLoading && <LoadingRows />}
        </ul>
        {!isLoading && songs.length < PICKS_MIN && <FreePlaces from={songs.length} />}
      </div>
      <PickNotices session={session} />
      <ContinueButton session={session} fullWidth />
    </section>
  );
}

function FreePlaces({ from }: { readonly from: number }) {
  const places = Array.from({ length: PICKS_MIN - from }, (_, index) => from + index + 1);
  return (
    <div className="pick-places" aria-hidden="true">
      {places.map((place) => (
        <div className="pick-place" key={place}>
          <span className="pick-place-tile numeric">{place}</span>
        </div>
      ))}
    </div>
  );
}

function LoadingRows() {
  return ["a", "b", "c", "d", "e"].map((key) => (
    <li className="pick-row" key={key} aria-hidden="true">
      <Skeleton width={44} height={44} radius={8} />
      <Skeleton height={14} width="60%" />
    </li>
  ));
}

function PickNotices({ session }: { readonly session: Session }) {
  const { undo, picks } = session;
  return (
    <div role="status" className="pick-notices">
      {picks.unknownIds.length > 0 && (
        <p className="small soft">
          {picks.unknownIds.length === 1
            ? "One song of this link is not in this catalogue and was left out."
            : `${picks.unknownIds.length} songs of this link are not in this catalogue and were left out.`}
        </p>
      )}
      {undo !== null && (
        <p className="pick-undo">
          <span className="one-line">{undo.label}</span>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconArrowBackUp size={16} aria-hidden="true" />}
            onClick={undo.run}
          >
            Undo
          </Button>
        </p>
      )}
    </div>
  );
}

/** Keeps the keyboard's place: on the next song, or in the search when none is left. */
function useFocusAfterRemoval(
  list: RefObject<HTMLUListElement | null>,
  fallback: RefObject<HTMLInputElement | null>,
) {
  const pending = useRef<number | null>(null);
  useEffect(() => {
    if (pending.current === null) return;
    const buttons = list.current?.querySelectorAll<HTMLButtonElement>("button") ?? [];
    const next = buttons[Math.min(pending.current, buttons.length - 1)];
    pending.current = null;
    (next ?? fallback.current)?.focus();
  });
  return (index: number) => {
    pending.current = index;
  };
}
