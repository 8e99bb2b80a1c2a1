/** Whose plays are shown: everybody's, or one listener's, found by how the name begins. */
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { counted } from "./listening-wording.ts";
import { useListeners } from "./use-statistics.ts";

interface ListenerSelectProps {
  readonly user: string | null;
  /** What null is called. */
  readonly nobody: string;
  readonly onSelect: (user: string | null) => void;
}

const NOBODY = "*";
/** Told apart from NOBODY whatever a listener is called. */
const USER = "=";
const TYPING_PAUSE_MS = 150;

export function ListenerSelect({ user, nobody, onSelect }: ListenerSelectProps) {
  const shown = user ?? nobody;
  const [search, setSearch] = useState(shown);
  const [asked] = useDebouncedValue(search === shown ? "" : search.trim(), TYPING_PAUSE_MS);
  const { data } = useListeners(asked);
  const plays = new Map(data?.users.map((listener) => [listener.user, listener.plays]));
  const names = [...plays.keys()].filter((name) => name !== user);
  const isSearched = search !== shown && search.trim() !== "";
  return (
    <Select
      aria-label="Whose plays"
      className="listener-select"
      searchable
      allowDeselect={false}
      data={[
        ...(isSearched ? [] : [{ value: NOBODY, label: nobody }]),
        ...(user === null ? [] : [{ value: `${USER}${user}`, label: user }]),
        ...names.map((name) => ({ value: `${USER}${name}`, label: name })),
      ]}
      value={user === null ? NOBODY : `${USER}${user}`}
      searchValue={search}
      onSearchChange={setSearch}
      // The server has found them already, and it knows more names than are listed here.
      filter={({ options }) => options}
      nothingFoundMessage="No listener’s name begins like that"
      maxDropdownHeight={320}
      renderOption={({ option }) => (
        <span className="listener-option">
          <span className="one-line">{option.label}</span>
          <span className="small soft numeric">
            {option.value === NOBODY
              ? counted(data?.total ?? 0, "listener")
              : counted(plays.get(option.label) ?? 0, "play")}
          </span>
        </span>
      )}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => setSearch(shown)}
      onChange={(value) => {
        const next = value === null || value === NOBODY ? null : value.slice(USER.length);
        setSearch(next ?? nobody);
        onSelect(next);
      }}
    />
  );
}
