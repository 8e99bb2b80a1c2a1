/** Tells for whom play marks count, and lets that be changed. */
import { useEffect, useId, useState } from "react";
import { IconHeadphones } from "../theme/icons.ts";
import { LISTENER_LENGTH_MAX, rememberListener, useListenerName } from "./listener-name.ts";
import "./play-mark.css";

export function ListenerField() {
  const name = useListenerName();
  const [draft, setDraft] = useState(name);
  const fieldId = useId();
  useEffect(() => setDraft(name), [name]);
  const take = () => {
    if (draft.trim() === "") setDraft(name);
    else if (draft.trim() !== name) rememberListener(localStorage, draft);
  };
  return (
    <p className="listener-field small soft">
      <IconHeadphones size={16} aria-hidden="true" />
      <label htmlFor={fieldId}>marks a song as played by</label>
      <input
        id={fieldId}
        value={draft}
        maxLength={LISTENER_LENGTH_MAX}
        autoComplete="nickname"
        spellCheck={false}
        onChange={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={take}
        onKeyDown={({ key, currentTarget }) => {
          if (key === "Enter") currentTarget.blur();
        }}
      />
      <span>for the statistics and the next list</span>
    </p>
  );
}
