/** Finds what a person meant who mistyped: other words, missing spaces, spaces too many. */

import { SYMBOL_WORD_MARK } from "./fold-name.ts";
import { byRank, correctedRank, type RankedTrack } from "./match-rank.ts";
import type { QueryWord, SearchQuery } from "./search-query.ts";
import type { HasTime } from "./time-budget.ts";
import type { Track, TrackReader } from "./track-reader.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { allOf, titleStartsWith, type WordPattern } from "./word-expression.ts";

export interface SearchContext {
  readonly reader: TrackReader;
  readonly vocabulary: Vocabulary;
  /** Asked between statements: whether less than this share of the time for a search is used up. */
  readonly hasTime: HasTime;
}

const ERRORS_MAX = 2;
const TITLE_LIMIT = 5;
const GROUP_LIMIT = 25;
const WORDS_LIMIT = 50;
const FOUND_MAX = 100;
const PHRASES_MAX = 6;
/** Whole titles are looked up at some microseconds each, so rare readings have their chance. */
const COMBINATIONS_MAX = 192;
/** For an answer that is near already, others are sought for this share of the time only. */
const NEAR_TIME_SHARE = 0.4;
const GROUPED_LENGTH_MIN = 3;
const CJK_SEPARABLE_MIN = 4;

/** Tracks within reach of the query, best first. */
export function findCorrected(
  query: SearchQuery,
  limit: number,
  context: SearchContext,
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

/** The readings of one word that a statement tries all at once. */
type Group = readonly Reading[];

class CorrectedSearch {
  readonly found = new Map<number, Track>();
  readonly #limit: number;
  readonly #context: SearchContext;
  readonly #words: readonly QueryWord[];
  /** By word; empty where nothing known comes near. */
  readonly #readings: readonly Group[];
  /** The likeliest readings by word; each one more multiplies the rows to go through. */
  readonly #groups: readonly Group[];
  #hasNearTitle = false;

  constructor(query: SearchQuery, limit: number, context: SearchContext) {
    this.#words = query.words;
    this.#limit = limit;
    this.#context = context;
    this.#readings = query.words.map((word, index) =>
      readingsOf(word, index === query.words.length - 1, query.words.length, context),
    );
    this.#groups = this.#readings.map((readings, index) =>
      // Two letters can be any of a hundred other short words, each of them in every tenth title.
      (query.words[index]?.text.length ?? 0) < GROUPED_LENGTH_MIN
        ? readings.filter(({ errors }) => errors === 0)
        : readings.slice(0, groupSizeFor(query.words.length)),
    );
  }

  /** From the cheapest and surest statement to the broadest, while there is time. */
  run(): void {
    this.#lookUpCombinations();
    this.#lookUpJoinedWords();
    const isEveryWordKnown = this.#groups.every((group) => group.length > 0);
    if (isEveryWordKnown && this.#words.length === 1) {
      this.#match(this.#groups, WORDS_LIMIT);
    } else if (isEveryWordKnown) {
      this.#matchGroups();
    }
    if (this.found.size > 0) return;
    if (this.#words.length > 1) this.#matchWithoutOneWord();
    this.#matchWithoutOneCharacter();
  }

  /** Whole titles, then beginnings of titles, that differ from the text in a few words. */
  #lookUpCombinations(): void {
    const combinations = combine(this.#readings).filter((combination) => combination.errors > 0);
    for (const { readings, errors } of combinations) {
      if (!this.#context.hasTime()) return;
      const title = readings.map((reading) => reading.text).join(" ");
      const tracks = this.#context.reader.byTitle(title, TITLE_LIMIT);
      this.#keep(tracks);
      if (errors === 1 && tracks.length > 0) this.#hasNearTitle = true;
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

  /** All words: first correcting the unknown ones only, then one word at a time, then any. */
  #matchGroups(): void {
    const isKnown = this.#groups.map((group) => group[0]?.errors === 0);
    const known = this.#groups.map((group, index) =>
      isKnown[index] === true ? group.slice(0, 1) : group,
    );
    if (isKnown.includes(false)) this.#match(known, WORDS_LIMIT);
    if (this.found.size >= this.#limit) return;
    const timeShare = this.#hasNearTitle ? NEAR_TIME_SHARE : 1;
    for (const index of this.#rareWordsFirst()) {
      const group = this.#groups[index] ?? [];
      if (group.length < 2 || isKnown[index] === false) continue;
      this.#match(known.with(index, group), GROUP_LIMIT, timeShare);
      if (this.found.size >= FOUND_MAX) return;
    }
    if (this.found.size < this.#limit) this.#match(this.#groups, WORDS_LIMIT, timeShare);
  }

  /** A known word that few songs have is the likeliest to be another one mistyped. */
  #rareWordsFirst(): number[] {
    const songCounts = this.#words.map(({ text }) => this.#context.vocabulary.songCountOf(text));
    return [...songCounts.keys()].sort(
      (left, right) => (songCounts[left] ?? 0) - (songCounts[right] ?? 0),
    );
  }

  #matchWithoutOneWord(): void {
    for (const index of this.#words.keys()) {
      if (this.found.size >= WORDS_LIMIT) return;
      const others = this.#groups.filter((group, other) => other !== index && group.length > 0);
      if (others.length < this.#words.length - 1) continue;
      // One word alone must stand as typed: half of the text guessed and half left out is noise.
      if (others.length === 1 && others[0]?.[0]?.errors !== 0) continue;
      const known = others.map((group) => (group[0]?.errors === 0 ? group.slice(0, 1) : group));
      this.#match(known, GROUP_LIMIT);
    }
  }

  /** A run of CJK characters, of which one is another than in the name. */
  #matchWithoutOneCharacter(): void {
    for (const [index, { text, isCjk }] of this.#words.entries()) {
      const characters = text.split(" ");
      if (!isCjk || characters.length < CJK_SEPARABLE_MIN) continue;
      for (const at of characters.keys()) {
        const runs = [characters.slice(0, at), characters.slice(at + 1)].filter(
          (run) => run.length > 0,
        );
        const patterns = runs.map((run) => [{ text: run.join(" "), isBeginning: false }]);
        const others = this.#groups.filter((group, other) => other !== index && group.length > 0);
        this.#match([...patterns, ...others], GROUP_LIMIT);
      }
    }
  }

  #match(groups: readonly (readonly WordPattern[])[], limit: number, timeShare = 1): void {
    if (!this.#context.hasTime(timeShare)) return;
    this.#keep(this.#context.reader.matching(allOf(groups), limit));
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
  { reader, vocabulary }: SearchContext,
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

function readingsMaxFor(wordCount: number): number {
  return wordCount <= 3 ? 48 : 24;
}

function groupSizeFor(wordCount: number): number {
  if (wordCount === 1) return 32;
  return wordCount <= 3 ? 16 : 10;
}

/** Readings of the whole text with few errors, fewest first (a beam search over the words). */
function combine(readingsByWord: readonly Group[]): Combination[] {
  let combinations: Combination[] = [{ readings: [], errors: 0 }];
  for (const readings of readingsByWord) combinations = extend(combinations, readings);
  return combinations;
}

function extend(combinations: readonly Combination[], readings: Group): Combination[] {
  const extended: Combination[] = [];
  for (let errors = 0; errors <= ERRORS_MAX; errors += 1) {
    for (const combination of combinations) {
      for (const reading of readings) {
        if (combination.errors + reading.errors !== errors) continue;
        extended.push({ readings: [...combination.readings, reading], errors });
        if (extended.length === COMBINATIONS_MAX) return extended;
      }
    }
  }
  return extended;
}
