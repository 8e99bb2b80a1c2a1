/**
 * One visit: the picked songs, the continuation in view, and what can be done with them. The
 * address holds the state (see page-location.ts); this adds the songs behind its ids.
 */
import { useEffect, useMemo, useRef, useState } from "react";
import { ApiError } from "../api/api-error.ts";
import { useIsReachable } from "../api/connection.ts";
import { knownSong, learnSongs } from "../api/known-songs.ts";
import { type SongsState, useContinuation, useContinue, useSongs } from "../api/queries.ts";
import type { Continuation, Song } from "../api/wire.ts";
import type { ListLocation } from "../location/page-location.ts";
import { currentLocation, navigate } from "../location/use-page-location.ts";
import { isSameOrder, PICKS_MAX } from "../picks/pick-rules.ts";
import { rememberPicks } from "../picks/remembered-picks.ts";

export interface Undo {
  /** What was done, such as "Removed Respect". */
  readonly label: string;
  readonly run: () => void;
}

export interface Session {
  readonly picks: SongsState;
  readonly pickedIds: ReadonlySet<string>;
  readonly isFull: boolean;
  readonly undo: Undo | null;
  /** Adds a song that is not picked, removes one that is. */
  readonly toggle: (song: Song) => void;
  readonly remove: (song: Song) => void;
  readonly clear: () => void;
  /** Back to the invitation; the browser's way back leads to the picks again. */
  readonly startOver: () => void;
  readonly replacePicks: (songs: readonly Song[]) => void;
  /** Asks for a continuation of the picks, or of the songs given. */
  readonly continueList: (songs?: readonly Song[]) => void;
  readonly isContinuing: boolean;
  readonly continueError: Error | null;
  readonly shown: ReturnType<typeof useContinuation>;
  readonly hasResult: boolean;
  /** The result in view belongs to the picks as they are now. */
  readonly isCurrent: boolean;
}

const NO_IDS: readonly string[] = [];

export function useSession(place: ListLocation): Session {
  const requestId = place.kind === "result" ? place.requestId : place.after;
  const shown = useContinuation(requestId);
  const resultIds = shown.data?.receipt.songIds ?? NO_IDS;
  const picks = useSongs(place.kind === "picks" ? place.songIds : resultIds);
  const pickedIds = useMemo(() => new Set(picks.songs.map(({ id }) => id)), [picks.songs]);
  const [undo, setUndo] = useState<Undo | null>(null);

  const continuing = useContinue((continuation: Continuation) => {
    setUndo(null);
    rememberPicks(localStorage, songsOf(continuation.receipt.songIds));
    navigate({ kind: "result", requestId: continuation.receipt.requestId }, "push");
  });

  useRepeatWhenReachable(continuing.error, () => {
    if (continuing.variables !== undefined) continuing.mutate(continuing.variables);
  });

  const change = (songs: readonly Song[], label: string | null) => {
    const before = picks.songs;
    continuing.reset();
    setUndo(label === null ? null : { label, run: () => change(before, null) });
    writePicks(songs, requestId);
  };
  const remove = (song: Song) => {
    const others = picks.songs.filter(({ id }) => id !== song.id);
    change(others, `Removed ${song.title}`);
  };
  const isFull = picks.songs.length >= PICKS_MAX;
  return {
    picks,
    pickedIds,
    isFull,
    undo,
    toggle: (song) => {
      if (pickedIds.has(song.id)) remove(song);
      else if (!isFull) change([...picks.songs, song], null);
    },
    remove,
    clear: () => change([], `Removed all ${picks.songs.length} songs`),
    startOver: () => {
      continuing.reset();
      setUndo(null);
      rememberPicks(localStorage, []);
      navigate({ kind: "picks", songIds: [], after: null }, "push");
    },
    replacePicks: (songs) => change(songs, null),
    continueList: (songs = picks.songs) => continuing.mutate(songs.map(({ id }) => id)),
    isContinuing: continuing.isPending,
    continueError: continuing.error,
    shown,
    hasResult: requestId !== null,
    isCurrent:
      place.kind === "result" || (shown.isSuccess && isSameOrder(place.songIds, resultIds)),
  };
}

/** What the network lost is asked again as soon as the server answers. */
function useRepeatWhenReachable(error: Error | null, repeat: () => void): void {
  const isReachable = useIsReachable();
  const wasReachable = useRef(isReachable);
  useEffect(() => {
    const isBack = isReachable && !wasReachable.current;
    wasReachable.current = isReachable;
    if (isBack && error instanceof ApiError && error.facts.kind === "unreachable") repeat();
  }, [isReachable, error, repeat]);
}

/** @param requestId the result that stays in view while its picks are edited */
function writePicks(songs: readonly Song[], requestId: string | null): void {
  learnSongs(songs);
  const songIds = songs.map(({ id }) => id);
  const after = songs.length === 0 ? null : requestId;
  // From a stored result an edit is a new place to go back from; edits in a row are one.
  const how = currentLocation().kind === "result" ? "push" : "replace";
  navigate({ kind: "picks", songIds, after }, how);
  rememberPicks(localStorage, songs);
}

function songsOf(ids: readonly string[]): readonly Song[] {
  return ids.map(knownSong).filter((song) => song !== undefined);
}
