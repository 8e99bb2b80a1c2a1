/** From the songs of a request to the sequences that the network reads. */
import { INPUT_LENGTH_MAX, SONGS_MIN } from "../song.ts";
import type { ModelVocabulary } from "../vocabulary.ts";
import type { SongQuestion } from "./recommendation.ts";

/** One batch holds at most so many sequences beside the whole input. */
export const LEAVE_ONE_OUT_MAX = 8;

export interface ModelInput {
  /** Oldest first, each once, at most 50; empty when the model knows none of the songs. */
  readonly rows: readonly number[];
  /** Song ids that this model version does not know: newer than the model. */
  readonly unknownSongIds: readonly string[];
}

export interface LeaveOneOut {
  /** The whole input, then one sequence for each group, which lacks that group. None is empty. */
  readonly sequences: readonly (readonly number[])[];
  /** Positions in the input that variant i + 1 leaves out; groups are contiguous and share no song. */
  readonly groups: readonly (readonly number[])[];
}

/** How many distinct songs are missing for a request to be answered; 0 when there are enough. */
export function missingSongCount(songIds: readonly string[]): number {
  return Math.max(0, SONGS_MIN - new Set(songIds).size);
}

/**
 * History, then picks, the last fifty. A song counts once, where it comes last: were it there
 * twice, leaving one of them out would not show what the song contributes. Unknown songs are
 * taken out before the cut, so they cost no place.
 */
export function toModelInput(
  question: Pick<SongQuestion, "songIds" | "historySongIds">,
  vocabulary: ModelVocabulary,
): ModelInput {
  const rows = new Set<number>();
  const unknownSongIds = new Set<string>();
  for (const songId of [...question.historySongIds, ...question.songIds]) {
    const row = vocabulary.rowFor(songId);
    if (row === undefined) {
      unknownSongIds.add(songId);
      continue;
    }
    rows.delete(row);
    rows.add(row);
  }
  return {
    rows: [...rows].slice(-INPUT_LENGTH_MAX),
    unknownSongIds: [...unknownSongIds],
  };
}

/** Up to eight songs each song has a variant of its own; beyond, contiguous groups share one. */
export function leaveOneOut(rows: readonly number[]): LeaveOneOut {
  // Without its only song a sequence would be empty, which no recurrent layer can read.
  const groupCount = rows.length < 2 ? 0 : Math.min(rows.length, LEAVE_ONE_OUT_MAX);
  const groups = Array.from({ length: groupCount }, (_, index) => {
    const first = Math.floor((index * rows.length) / groupCount);
    const end = Math.floor(((index + 1) * rows.length) / groupCount);
    return Array.from({ length: end - first }, (_, offset) => first + offset);
  });
  const withoutGroup = groups.map((group) =>
    rows.filter((_, position) => !group.includes(position)),
  );
  return { sequences: [rows, ...withoutGroup], groups };
}

/** Rows that must not be answered: the input's songs and every other version of them, ascending. */
export function maskedRowsFor(
  question: Pick<SongQuestion, "songIds" | "historySongIds" | "versionGroupIds">,
  vocabulary: ModelVocabulary,
): readonly number[] {
  const { historySongIds, songIds, versionGroupIds } = question;
  const masked = new Set<number>();
  for (const songId of [...historySongIds, ...songIds, ...versionGroupIds]) {
    const row = vocabulary.rowFor(songId);
    if (row === undefined) continue;
    for (const version of vocabulary.versionsOf(row)) masked.add(version);
  }
  return [...masked].sort((left, right) => left - right);
}
