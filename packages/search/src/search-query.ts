/** What a person typed, as the index understands it. Any text is only text. */
import { AppError } from "@segue/errors";

import { foldName, isCjkWord } from "./fold-name.ts";

/** A search needs so many code points, counted after trimming and before folding. */
export const QUERY_LENGTH_MIN = 3;
const QUERY_LENGTH_MAX = 100;
const WORDS_MAX = 10;

export interface QueryWord {
  /** One folded word, or a run of CJK characters separated by spaces. */
  readonly text: string;
  readonly isCjk: boolean;
}

export interface SearchQuery {
  /** The whole folded text. */
  readonly folded: string;
  /** Its first words; a word repeated more than twice in a row is kept twice. */
  readonly words: readonly QueryWord[];
}

/** Throws REQUEST_INVALID when there is too little to search for. */
export function assertSearchable(text: string): void {
  const trimmed = text.trim();
  let length = 0;
  for (const _ of trimmed) {
    length += 1;
    if (length >= QUERY_LENGTH_MIN) return;
  }
  throw new AppError(
    "REQUEST_INVALID",
    `A search needs at least ${QUERY_LENGTH_MIN} characters and got ${length}; type more of the title or artist.`,
    { details: { minimum: QUERY_LENGTH_MIN, length } },
  );
}

export function parseQuery(text: string): SearchQuery {
  // Twice two units for each code point, so that a long text is not taken apart whole.
  const beginning = [...text.trim().slice(0, QUERY_LENGTH_MAX * 2)].slice(0, QUERY_LENGTH_MAX);
  const folded = foldName(beginning.join(""));
  return { folded, words: folded === "" ? [] : toWords(folded.split(" ")) };
}

function toWords(parts: readonly string[]): QueryWord[] {
  const words: QueryWord[] = [];
  for (const [index, part] of parts.entries()) {
    const isCjk = isCjkWord(part);
    const before = words.at(-1);
    if (isCjk && before?.isCjk === true) {
      words[words.length - 1] = { text: `${before.text} ${part}`, isCjk };
      continue;
    }
    if (!isCjk && part === parts[index - 1] && part === parts[index - 2]) continue;
    if (words.length === WORDS_MAX) break;
    words.push({ text: part, isCjk });
  }
  return words;
}
