/** The open index: synchronous search over one file. */
import type { Song } from "@segue/domain";

import { findCorrected, type SearchContext } from "./corrected-search.ts";
import { type IndexState, openIndexForReading, readIndexState } from "./index-file.ts";
import { byRank, correctedRank, literalRank, type RankedTrack, WHOLE_NAME } from "./match-rank.ts";
import { originalsFirst } from "./originals-first.ts";
import { assertSearchable, parseQuery, type SearchQuery } from "./search-query.ts";
import type { Term } from "./spelling-dictionary.ts";
import { startTimeBudget } from "./time-budget.ts";
import { type Track, TrackReader } from "./track-reader.ts";
import { Vocabulary } from "./vocabulary.ts";
import { allOf, artistStartsWith, titleStartsWith, type WordPattern } from "./word-expression.ts";

export interface SearchIndexOptions {
  readonly file: string;
  /** No further correction of a search is tried after so long. Default 25. */
  readonly budgetMs?: number;
}

export interface SearchIndexFigures extends IndexState {
  readonly wordCount: number;
  /** Words that came after the file was opened; finding them costs more. */
  readonly addedWordCount: number;
  /** Memory of the spelling dictionary's arrays. */
  readonly dictionaryBytes: number;
}

export interface SearchIndex {
  /** At most `limit` songs, best first. Throws REQUEST_INVALID below three characters. */
  search(text: string, limit: number): Song[];
  /** Learns the words that the file got since it was opened; songs are seen without that. */
  refresh(): SearchIndexFigures;
  close(): void;
}

const BUDGET_MS_DEFAULT = 25;
const WORDS_LIMIT = 50;
/** With so many answers to a whole name, nobody mistyped. */
const WHOLE_NAME_ANSWERS_MIN = 3;
/** Nobody hits upon a whole title of so many words by mistake. */
const UNMISTAKABLE_WORDS_MIN = 3;
const CORRECTABLE_LENGTH_MIN = 4;
/** Corrections of so few errors are worth a place among answers to what was typed. */
const NEAR_RANK_MAX = 2;

/** Opens a complete index file; throws when it is damaged or of another version. */
export function createSearchIndex(options: SearchIndexOptions): SearchIndex {
  const database = openIndexForReading(options.file);
  const budgetMs = options.budgetMs ?? BUDGET_MS_DEFAULT;
  const reader = new TrackReader(database);
  const termsAfter = database.prepare(
    "SELECT id, text, song_count AS songCount FROM term WHERE id>? ORDER BY id",
  );
  const builtTerms = termsAfter.all(0) as unknown as StoredTerm[];
  const vocabulary = new Vocabulary(builtTerms);
  let lastTermId = builtTerms.at(-1)?.id ?? 0;
  return {
    search(text, limit) {
      assertSearchable(text);
      const hasTime = startTimeBudget(budgetMs);
      const query = parseQuery(text);
      if (query.words.length === 0) return [];
      return findTracks(query, limit, { reader, vocabulary, hasTime }).map(toSong);
    },
    refresh() {
      const terms = termsAfter.all(lastTermId) as unknown as StoredTerm[];
      lastTermId = terms.at(-1)?.id ?? lastTermId;
      if (terms.length > 0) vocabulary.add(terms);
      return {
        ...readIndexState(database),
        wordCount: vocabulary.wordCount,
        addedWordCount: vocabulary.addedCount,
        dictionaryBytes: vocabulary.bytes,
      };
    },
    close() {
      database.close();
    },
  };
}

interface StoredTerm extends Term {
  readonly id: number;
}

function findTracks(query: SearchQuery, limit: number, context: SearchContext): Track[] {
  const literal = findLiterally(query, limit, context);
  if (isSettled(query, literal, limit)) return literal.slice(0, limit).map(({ track }) => track);

  const isWholeName = bestRank(literal) <= WHOLE_NAME;
  const rankMax = isWholeName ? NEAR_RANK_MAX : Number.POSITIVE_INFINITY;
  const literalIds = new Set(literal.map(({ track }) => track.id));
  const corrected = originalsFirst(findCorrected(query, limit, context), limit, {
    reader: context.reader,
    rankOf: (track) => correctedRank(query, track),
  }).filter(({ track, rank }) => rank <= rankMax && !literalIds.has(track.id));
  return mergeAnswers(literal, corrected, limit).map(({ track }) => track);
}

/** Whether the answers to the text as typed leave no doubt that it was typed as meant. */
function isSettled(query: SearchQuery, literal: readonly RankedTrack[], limit: number): boolean {
  const rank = bestRank(literal);
  if (literal.length >= limit && query.folded.length < CORRECTABLE_LENGTH_MIN) return true;
  if (rank <= WHOLE_NAME && literal.length >= Math.min(limit, WHOLE_NAME_ANSWERS_MIN)) return true;
  return rank === 0 && query.words.length >= UNMISTAKABLE_WORDS_MIN;
}

function bestRank(ranked: readonly RankedTrack[]): number {
  return ranked[0]?.rank ?? Number.POSITIVE_INFINITY;
}

/** Corrections follow what was typed, but good ones are not crowded out by mere beginnings. */
function mergeAnswers(
  literal: readonly RankedTrack[],
  corrected: readonly RankedTrack[],
  limit: number,
): RankedTrack[] {
  if (literal.length < limit) return [...literal, ...corrected].slice(0, limit);
  const near = corrected
    .filter(({ rank }) => rank <= NEAR_RANK_MAX)
    .slice(0, Math.floor(limit / 2));
  return [...literal.slice(0, limit - near.length), ...near];
}

/** Tracks with the words as typed, the last one perhaps not yet to its end; best first. */
function findLiterally(query: SearchQuery, limit: number, context: SearchContext): RankedTrack[] {
  const { reader } = context;
  const found = new Map<number, Track>();
  const keep = (tracks: readonly Track[]): void => {
    for (const track of tracks) found.set(track.id, track);
  };
  const patterns = toPatterns(query);
  keep(reader.byTitle(query.folded, limit));
  keep(reader.matching(titleStartsWith(patterns), limit));
  // What was typed is always looked for; only corrections have a budget.
  const tracks = reader.matching(
    allOf(patterns.map((pattern) => [pattern])),
    Math.max(WORDS_LIMIT, limit),
  );
  keep(tracks);
  // An artist's songs are among the matches unless more popular ones fill the list.
  const isCut = tracks.length >= Math.max(WORDS_LIMIT, limit);
  if (isCut) keep(reader.matching(artistStartsWith(patterns), limit));
  const ranked = [...found.values()]
    .map((track) => ({ track, rank: literalRank(query, track) }))
    .sort(byRank);
  return originalsFirst(ranked, limit, { reader, rankOf: (track) => literalRank(query, track) });
}

function toPatterns(query: SearchQuery): WordPattern[] {
  const last = query.words.length - 1;
  return query.words.map(({ text, isCjk }, index) => ({
    text,
    isBeginning: index === last && !isCjk,
  }));
}

function toSong(track: Track): Song {
  return {
    id: track.song_id,
    title: track.title,
    artist: track.artist,
    album: track.album,
    year: track.year,
    genre: track.genre,
    seconds: track.seconds,
  };
}
