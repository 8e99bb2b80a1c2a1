/** State of the search box: what is typed, what was found, where the keyboard is. */
import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { SEARCH_LENGTH_MIN, searchLength, useSearch } from "../api/queries.ts";
import type { Song } from "../api/wire.ts";
import { keyAction } from "./combobox-keys.ts";

/** Short enough to feel immediate, long enough to skip the letters of a fast typist. */
const DEBOUNCE_MS = 120;

export type SearchCombobox = ReturnType<typeof useSearchCombobox>;

export function useSearchCombobox(
  input: RefObject<HTMLInputElement | null>,
  onToggle: (song: Song) => void,
) {
  const [text, setText] = useState("");
  const [term] = useDebouncedValue(text, DEBOUNCE_MS);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const hasPicked = useRef(false);
  const search = useSearch(term);
  useSlashShortcut(input);

  const isLongEnough = searchLength(text) >= SEARCH_LENGTH_MIN;
  const songs = isLongEnough ? (search.data ?? []) : [];
  const isListed = isOpen && songs.length > 0;

  const write = (value: string) => {
    hasPicked.current = false;
    setText(value);
    setActive(-1);
    setIsOpen(true);
  };
  const toggle = (song: Song) => {
    hasPicked.current = true;
    onToggle(song);
  };
  const leave = () => {
    // A search that found its song is done; one that did not is kept to be refined.
    if (hasPicked.current) write("");
    setIsOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, its keys are its own.
    if (event.nativeEvent.isComposing) return;
    const action = keyAction(event.key, { count: songs.length, active, isListed });
    if (action === null) return;
    event.preventDefault();
    if (action.kind === "move") {
      setIsOpen(true);
      setActive(action.to);
    } else if (action.kind === "toggle") {
      const song = songs[action.at];
      if (song !== undefined) toggle(song);
      setActive(action.at);
      // The next letters replace the search, so that five songs are five short bursts of typing.
      input.current?.select();
    } else if (isOpen && text !== "") {
      setIsOpen(false);
    } else {
      // A second Esc empties the box, as in a native search field.
      write("");
    }
  };
  return {
    text,
    /** The search that the songs belong to, or will. */
    term,
    search,
    songs,
    active,
    isOpen: isOpen && text.trim() !== "",
    isListed,
    isWaiting: isLongEnough && (search.isFetching || term.trim() !== text.trim()),
    write,
    open: () => setIsOpen(true),
    leave,
    toggle,
    pointAt: setActive,
    onKeyDown,
  };
}

/** "/" leads to the search from anywhere but another field. */
function useSlashShortcut(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches("input, textarea");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [input]);
}
