/** What the search says when it has no songs to show, or no longer room for them. */
import { Button, Skeleton } from "@mantine/core";
import { ApiError, errorWording } from "../api/api-error.ts";
import { SEARCH_LENGTH_MIN, searchLength } from "../api/queries.ts";
import { PICKS_MAX } from "../picks/pick-rules.ts";
import type { SearchCombobox } from "./use-search-combobox.ts";

interface SearchMessageProps {
  readonly combobox: SearchCombobox;
  readonly isFull: boolean;
}

export function SearchMessage({ combobox, isFull }: SearchMessageProps) {
  const { text, search, isWaiting } = combobox;
  const missing = SEARCH_LENGTH_MIN - searchLength(text);
  if (missing > 0) {
    const letters = missing === 1 ? "1 more character" : `${missing} more characters`;
    return <p className="search-message">Type {letters} to search.</p>;
  }
  if (isFull) {
    return (
      <p className="search-message">
        The list has {PICKS_MAX} songs, the most it can have. Remove one to add another.
      </p>
    );
  }
  if (isBusy(search.failureReason) && search.isFetching) {
    return <p className="search-message">Too many searches at once. Trying again by itself …</p>;
  }
  if (search.error !== null) {
    const { title, advice, isRetryable } = errorWording(search.error);
    return (
      <div className="search-message" role="alert">
        <p>
          <strong>{title}.</strong> {advice}
        </p>
        {isRetryable && (
          <Button variant="default" size="xs" onClick={() => void search.refetch()}>
            Try again
          </Button>
        )}
      </div>
    );
  }
  if (search.data === undefined || (search.data.length === 0 && isWaiting)) {
    return ["a", "b", "c"].map((key) => (
      <div className="search-option" key={key} aria-hidden="true">
        <Skeleton width={44} height={44} radius={8} />
        <span className="search-option-text">
          <Skeleton height={13} width="46%" />
          <Skeleton height={11} width="30%" mt={9} />
        </span>
      </div>
    ));
  }
  if (search.data.length > 0) return null;
  return (
    <p className="search-message">
      Nothing found for “{text.trim()}”. Try the title with the artist, or fewer words.
    </p>
  );
}

function isBusy(error: Error | null): boolean {
  return error instanceof ApiError && error.facts.status === 429;
}
