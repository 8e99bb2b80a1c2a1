/** Finds what a person meant who mistyped: other words, missing spaces, spaces too many. */

import { SYMBOL_WORD_MARK } from "./fold-name.ts";
import { byRank, correctedRank, type RankedTrack } from "./match-rank.ts";
import type { QueryWord, SearchQuery } from "./search-query.ts";
import type { Track, TrackReader } from "./track-reader.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { allOf, titleStartsWith, type WordPattern } from "./word-expression.ts";

export interface CorrectedSearchContext {
  readonly reader: TrackReader;
  readonly vocabulary: Vocabulary;
  /** False when the time for this search is used up; asked between statements. */
  readonly hasTime: () => boolean;
}

const TITLE_LIMIT = 5;
const GROUP_LIMIT = 25;
const WORDS_LIMIT = 50;
const FOUND_MAX = 100;
const COMBINATIONS_MAX = 64;
const PHRASES_MAX = 6;
const ERRORS_MAX = 2;

/** Tracks within reach of the query, best first. */
export function findCorrected(
  query: SearchQuery,
  limit: number,
  context: CorrectedSearchContext,
): RankedTrack[] {
  const search = new CorrectedSearch(query, limit, context);
  search.run();
  return [...search.found.values()]
    .map((track) => ({ track, rank: correctedRank(query, track) }))
    .sort(byRank);
}

/** One reading of one typed word. */
interface Reading extends WordPattern {
  readonly errors: number;
}

/** One reading of every word. */
interface Combination {
  readonly readings: readonly Reading[];
  readonly errors: number;
}

class CorrectedSearch {
  readonly found = new Map<number, Track>();
  readonly #limit: number;
  readonly #context: CorrectedSearchContext;
  readonly #words: readonly QueryWord[];
  /** By word; empty where nothing known comes near. */
  readonly #readings: readonly (readonly Reading[])[];

  constructor(query: SearchQuery, limit: number, context: CorrectedSearchContext) {
    this.#words = query.words;
    this.#limit = limit;
    this.#context = context;
    this.#readings = query.words.map((word, index) =>
      readingsOf(word, index === query.words.length - 1, query.words.length, context),
    );
  }

  /** From the cheapest and surest statement to the broadest, while there is time. */
  run(): void {
    this.#lookUpCombinations();
    this.#lookUpJoinedWords();
    const isEveryWordKnown = this.#readings.every((readings) => readings.length > 0);
    if (isEveryWordKnown && this.#words.length === 1) {
      this.#match(this.#readings, WORDS_LIMIT);
    } else if (isEveryWordKnown) {
      this.#matchGroups();
    }
    if (this.found.size === 0 && this.#words.length > 1) this.#matchWithoutOneWord();
  }

  /** Whole titles, then beginnings of titles, that differ from the text in a few words. */
  #lookUpCombinations(): void {
    const combinations = combine(this.#readings).filter((combination) => combination.errors > 0);
    for (const { readings } of combinations) {
      if (!this.#context.hasTime()) return;
      const title = readings.map((reading) => reading.text).join(" ");
      this.#keep(this.#context.reader.byTitle(title, TITLE_LIMIT));
    }
    for (const { readings } of combinations.slice(0, PHRASES_MAX)) {
      if (!this.#context.hasTime()) return;
      this.#keep(this.#context.reader.matching(titleStartsWith(readings), TITLE_LIMIT));
    }
  }

  /** "hello world" for a title "Helloworld", "r e m" for "R.E.M.". */
  #lookUpJoinedWords(): void {
    const texts = this.#words.map((word) => word.text);
    for (let index = 0; index + 1 < texts.length; index += 1) {
      const isLetterRun = texts[index]?.length === 1 && texts[index + 1]?.length === 1;
      let end = index + 2;
      while (isLetterRun && texts[end]?.length === 1) end += 1;
      const joined = texts.slice(index, end).join("");
      if (this.#context.vocabulary.songCountOf(joined) === 0 || !this.#context.hasTime()) continue;
      const words = [...texts.slice(0, index), joined, ...texts.slice(end)];
      this.#keep(this.#context.reader.byTitle(words.join(" "), TITLE_LIMIT));
      this.#match(
        words.map((text) => [{ text, isBeginning: false }]),
        GROUP_LIMIT,
      );
    }
  }

  /** All words, first correcting the unknown ones only, then one word at a time, then any. */
  #matchGroups(): void {
    const isKnown = this.#readings.map((readings) => readings[0]?.errors === 0);
    const known = this.#readings.map((readings, index) =>
      isKnown[index] === true ? readings.slice(0, 1) : readings,
    );
    if (isKnown.includes(false)) this.#match(known, WORDS_LIMIT);
    if (this.found.size >= this.#limit) return;
    for (const [index, readings] of this.#readings.entries()) {
      if (readings.length < 2 || isKnown[index] === false) continue;
      this.#match(known.with(index, readings), GROUP_LIMIT);
      if (this.found.size >= FOUND_MAX) return;
    }
    if (this.found.size < this.#limit) this.#match(this.#readings, WORDS_LIMIT);
  }

  #matchWithoutOneWord(): void {
    for (const index of this.#words.keys()) {
      if (this.found.size >= WORDS_LIMIT) return;
      const others = this.#readings.filter(
        (readings, other) => other !== index && readings.length > 0,
      );
      if (others.length < this.#words.length - 1) continue;
      // One word alone must stand as typed: half of the text guessed and half left out is noise.
      if (others.length === 1 && others[0]?.[0]?.errors !== 0) continue;
      const known = others.map((readings) =>
        readings[0]?.errors === 0 ? readings.slice(0, 1) : readings,
      );
      this.#match(known, GROUP_LIMIT);
    }
  }

  #match(groups: readonly (readonly WordPattern[])[], limit: number): void {
    if (this.#context.hasTime()) this.#keep(this.#context.reader.matching(allOf(groups), limit));
  }

  #keep(tracks: readonly Track[]): void {
    for (const track of tracks) {
      if (!this.found.has(track.id)) this.found.set(track.id, track);
    }
  }
}

/** What the word may mean: as typed where that is known, then the nearest and most frequent words. */
function readingsOf(
  word: QueryWord,
  isLast: boolean,
  wordCount: number,
  { reader, vocabulary }: CorrectedSearchContext,
): Reading[] {
  const { text, isCjk } = word;
  if (isCjk || text.startsWith(SYMBOL_WORD_MARK)) return [{ text, errors: 0, isBeginning: false }];
  const isBeginning = isLast && reader.hasWordStartingWith(text);
  const readings: Reading[] =
    isBeginning || reader.hasWord(text) ? [{ text, errors: 0, isBeginning }] : [];
  for (const split of vocabulary.splits(text)) {
    readings.push({ text: split, errors: 1, isBeginning: false });
  }
  for (const suggestion of vocabulary.suggest(text, readingsMaxFor(wordCount))) {
    if (suggestion.errors === 0) continue;
    readings.push({ text: suggestion.text, errors: suggestion.errors, isBeginning: false });
  }
  return readings;
}

/** The more words, the fewer readings of each: the groups multiply the rows to go through. */
function readingsMaxFor(wordCount: number): number {
  if (wordCount === 1) return 32;
  return wordCount <= 3 ? 16 : 10;
}

/** Readings of the whole text with few errors, fewest first (a beam search over the words). */
function combine(readingsByWord: readonly (readonly Reading[])[]): Combination[] {
  let combinations: Combination[] = [{ readings: [], errors: 0 }];
  for (const readings of readingsByWord) {
    combinations = combinations
      .flatMap((combination) =>
        readings.map((reading) => ({
          readings: [...combination.readings, reading],
          errors: combination.errors + reading.errors,
        })),
      )
      .filter((combination) => combination.errors <= ERRORS_MAX)
      .sort((left, right) => left.errors - right.errors)
      .slice(0, COMBINATIONS_MAX);
  }
  return combinations;
}
