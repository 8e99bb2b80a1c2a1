/**
 * The rungs below the network: votes of the input songs' neighbours, then what is played most.
 * The dispatcher stands on it when no route answers, the API when no dispatcher does.
 */
import type { ModelVocabulary } from "../vocabulary.ts";
import { applyPolicy } from "./answer-policy.ts";
import { ranksBefore } from "./candidate-merge.ts";
import { maskedRowsFor, toModelInput } from "./model-input.ts";
import { REASONS_MAX } from "./reasons.ts";
import type { RecommendedSong, ServiceLevel, SongQuestion } from "./recommendation.ts";

export interface TrendingSong {
  readonly songId: string;
  readonly artist: string;
  readonly versionGroup: string;
  /** Number of plays that it is ranked by. */
  readonly plays: number;
}

export interface DegradedAnswer {
  readonly level: Exclude<ServiceLevel, "full">;
  readonly songs: readonly RecommendedSong[];
}

/**
 * The best rung that has a song to offer, or null when neither has.
 *
 * @param vocabulary of the model version, or undefined when there is none
 * @param trending most played first
 */
export function answerDegraded(
  question: SongQuestion,
  vocabulary: ModelVocabulary | undefined,
  trending: readonly TrendingSong[],
): DegradedAnswer | null {
  if (vocabulary !== undefined) {
    const songs = neighboursAnswer(question, vocabulary);
    if (songs.length > 0) return { level: "neighbours", songs };
  }
  const songs = trendingAnswer(question, vocabulary, trending);
  return songs.length > 0 ? { level: "trending", songs } : null;
}

interface Votes {
  readonly row: number;
  score: number;
  readonly artist: number;
  readonly versionGroup: number;
  readonly voters: { readonly row: number; readonly weight: number }[];
}

function neighboursAnswer(
  question: SongQuestion,
  vocabulary: ModelVocabulary,
): readonly RecommendedSong[] {
  const masked = new Set(maskedRowsFor(question, vocabulary));
  const votes = new Map<number, Votes>();
  for (const inputRow of toModelInput(question, vocabulary).rows) {
    const neighbours = vocabulary.neighboursFor(inputRow);
    for (let rank = 0; rank < neighbours.rows.length; rank += 1) {
      const row = neighbours.rows[rank] ?? 0;
      const weight = neighbours.weights[rank] ?? 0;
      if (masked.has(row) || !(weight > 0)) continue;
      const entry = votes.get(row) ?? noVotesYet(row, vocabulary);
      entry.score += weight;
      entry.voters.push({ row: inputRow, weight });
      votes.set(row, entry);
    }
  }
  const ranked = [...votes.values()].sort((left, right) => (ranksBefore(left, right) ? -1 : 1));
  return applyPolicy(ranked, question).map((entry) => ({
    songId: vocabulary.songIdFor(entry.row),
    score: entry.score,
    because: entry.voters
      .sort((left, right) => right.weight - left.weight)
      .slice(0, REASONS_MAX)
      .map((voter) => ({
        songId: vocabulary.songIdFor(voter.row),
        weight: voter.weight / entry.score,
      })),
  }));
}

function noVotesYet(row: number, vocabulary: ModelVocabulary): Votes {
  return {
    row,
    score: 0,
    artist: vocabulary.artistFor(row),
    versionGroup: vocabulary.versionGroupFor(row),
    voters: [],
  };
}

function trendingAnswer(
  question: SongQuestion,
  vocabulary: ModelVocabulary | undefined,
  trending: readonly TrendingSong[],
): readonly RecommendedSong[] {
  const { historySongIds, songIds, versionGroupIds } = question;
  const inputIds = new Set([...historySongIds, ...songIds, ...versionGroupIds]);
  if (vocabulary !== undefined) {
    for (const row of maskedRowsFor(question, vocabulary)) inputIds.add(vocabulary.songIdFor(row));
  }
  const inputGroups = new Set(
    trending.filter(({ songId }) => inputIds.has(songId)).map(({ versionGroup }) => versionGroup),
  );
  const allowed = trending.filter(
    ({ songId, versionGroup }) =>
      !inputIds.has(songId) && !inputIds.has(versionGroup) && !inputGroups.has(versionGroup),
  );
  return applyPolicy(allowed, question).map(({ songId, plays }) => ({
    songId,
    score: plays,
    because: [],
  }));
}
