/**
 * Search as you type: a combobox with a list from which several songs can be picked
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
 */
import { ActionIcon, Kbd, Loader, VisuallyHidden } from "@mantine/core";
import { useFocusWithin } from "@mantine/hooks";
import { type RefObject, useId } from "react";
import { SEARCH_LENGTH_MIN, searchLength } from "../api/queries.ts";
import type { Song } from "../api/wire.ts";
import { IconSearch, IconX } from "../theme/icons.ts";
import { SearchMessage } from "./search-message.tsx";
import { SearchOption } from "./search-option.tsx";
import { type SearchCombobox, useSearchCombobox } from "./use-search-combobox.ts";
import "./search-box.css";

interface SearchBoxProps {
  readonly pickedIds: ReadonlySet<string>;
  readonly isFull: boolean;
  readonly onToggle: (song: Song) => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function SearchBox({ pickedIds, isFull, onToggle, inputRef }: SearchBoxProps) {
  const combobox = useSearchCombobox(inputRef, onToggle);
  const { ref } = useFocusWithin({ onBlur: combobox.leave });
  const id = useId();
  return (
    <div className="search-box" ref={ref}>
      <SearchField combobox={combobox} id={id} inputRef={inputRef} />
      {combobox.isOpen && (
        <div className="search-results">
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label="Songs found"
            aria-multiselectable="true"
            hidden={!combobox.isListed}
          >
            {combobox.songs.map((song, index) => (
              <SearchOption
                key={song.id}
                id={`${id}-${index}`}
                song={song}
                search={combobox.term}
                isActive={index === combobox.active}
                isPicked={pickedIds.has(song.id)}
                isFull={isFull}
                onPoint={() => combobox.pointAt(index)}
                onToggle={() => combobox.toggle(song)}
              />
            ))}
          </div>
          <SearchMessage combobox={combobox} isFull={isFull} />
        </div>
      )}
      <VisuallyHidden id={`${id}-status`} role="status">
        {statusText(combobox)}
      </VisuallyHidden>
    </div>
  );
}

interface SearchFieldProps {
  readonly combobox: SearchCombobox;
  readonly id: string;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

function SearchField({ combobox, id, inputRef }: SearchFieldProps) {
  const { text, active, isOpen, isListed } = combobox;
  return (
    <div className="search-field">
      <IconSearch size={22} aria-hidden="true" />
      <input
        ref={inputRef}
        className="search-input"
        type="text"
        role="combobox"
        aria-label="Search songs by title or artist"
        aria-expanded={isListed}
        aria-controls={isOpen ? `${id}-list` : undefined}
        aria-autocomplete="list"
        aria-activedescendant={isListed && active >= 0 ? `${id}-${active}` : undefined}
        placeholder="Search a song or an artist"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        onChange={(event) => combobox.write(event.currentTarget.value)}
        onFocus={combobox.open}
        onClick={combobox.open}
        onKeyDown={combobox.onKeyDown}
      />
      {combobox.isWaiting && <Loader size={18} color="var(--accent)" />}
      {text === "" ? (
        <Kbd className="search-shortcut" aria-hidden="true">
          /
        </Kbd>
      ) : (
        <ActionIcon
          variant="subtle"
          color="var(--ink)"
          size={36}
          aria-label="Empty the search"
          onClick={() => {
            combobox.write("");
            inputRef.current?.focus();
          }}
        >
          <IconX size={18} />
        </ActionIcon>
      )}
    </div>
  );
}

function statusText({ text, isOpen, isWaiting, songs }: SearchCombobox): string {
  if (!isOpen || isWaiting) return "";
  if (searchLength(text) < SEARCH_LENGTH_MIN) {
    return `Type at least ${SEARCH_LENGTH_MIN} characters.`;
  }
  return songs.length === 1 ? "1 song found." : `${songs.length} songs found.`;
}
