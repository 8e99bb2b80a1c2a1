/** What has changed while the page looked on, the newest first. */
import type { Change } from "./changes.ts";

interface ChangeFeedProps {
  readonly changes: readonly Change[];
  readonly onSelect: (replica: string) => void;
}

const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const SHOWN = 14;

export function ChangeFeed({ changes, onSelect }: ChangeFeedProps) {
  if (changes.length === 0) {
    return (
      <p className="soft">
        Nothing has changed since you opened this page. Who comes, goes, dies or heals is told here.
      </p>
    );
  }
  return (
    <ol className="change-feed" aria-live="polite" aria-relevant="additions">
      {changes.slice(0, SHOWN).map(({ key, atMs, tone, text, replica }) => (
        <li key={key} data-tone={tone}>
          <time className="soft small numeric">{TIME.format(atMs)}</time>
          {replica === null ? (
            <span>{text}</span>
          ) : (
            <button type="button" className="text-button" onClick={() => onSelect(replica)}>
              {text}
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}
