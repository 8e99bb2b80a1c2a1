/**
 * A recommender of which every right answer is known: a song's score is the sum of its affinities
 * to the songs of the sequence. Whole numbers, so that every division of the work agrees exactly.
 */
import { ranksBefore } from "../../answer/candidate-merge.ts";
import type { TrendingSong } from "../../answer/degradation-ladder.ts";
import type { RecommendedSong, SongQuestion } from "../../answer/recommendation.ts";
import type { ShardPartial, StageTask } from "../../dispatch/pipeline-messages.ts";
import type { ModelVocabulary } from "../../vocabulary.ts";
import { MODEL } from "../replicas.ts";
import { type SmallSong, smallVocabulary } from "../small-vocabulary.ts";
import { SeededRandom } from "./seeded-random.ts";

export interface ToyNetwork {
  readonly vocabulary: ModelVocabulary;
  readonly trending: readonly TrendingSong[];
  /** What shard `shard` of `shardCount` answers. */
  score(task: StageTask, shard: number, shardCount: number): ScoreColumns;
  /** The answer that the rules ask for, found by trying everything. */
  rightAnswer(question: SongQuestion): readonly RecommendedSong[];
}

type ScoreColumns = Pick<
  ShardPartial,
  "rows" | "scores" | "variantScores" | "artistIds" | "versionGroupIds" | "exhausted"
>;

export function createToyNetwork(seed: number, songCount: number, artistCount: number): ToyNetwork {
  const random = new SeededRandom(seed);
  const songs = Array.from(
    { length: songCount },
    (_, row): SmallSong => ({
      artist: random.between(0, artistCount - 1),
      versionGroup: random.happens(0.1) && row > 0 ? row - 1 : row,
      neighbours: Array.from({ length: 4 }, () => random.between(0, songCount - 1)),
    }),
  );
  const affinities = Uint8Array.from({ length: songCount * songCount }, () =>
    random.between(0, 40),
  );
  const vocabulary = smallVocabulary(songs, MODEL);
  const affinity = (row: number, inputRow: number): number =>
    affinities[row * songCount + inputRow] ?? 0;
  const scoreOf = (row: number, sequence: readonly number[]): number =>
    sequence.reduce((sum, inputRow) => sum + affinity(row, inputRow), 0);
  const allRows = Array.from({ length: songCount }, (_, row) => row);
  const rank = (rows: readonly number[], sequence: readonly number[]) =>
    rows
      .map((row) => ({ row, score: scoreOf(row, sequence) }))
      .sort((left, right) => (ranksBefore(left, right) ? -1 : 1));

  return {
    vocabulary,
    trending: allRows.map((row) => ({
      songId: `s${row}`,
      artist: `artist-${songs[row]?.artist}`,
      versionGroup: `s${songs[row]?.versionGroup}`,
      plays: songCount - row,
    })),
    score(task, shard, shardCount) {
      const masked = new Set(task.maskedRows);
      const own = allRows.filter((row) => row % shardCount === shard && !masked.has(row));
      const [whole = [], ...variants] = task.variants;
      const best = rank(own, whole).slice(0, task.candidates);
      const rows = best.map(({ row }) => row);
      return {
        rows,
        scores: best.map(({ score }) => score),
        variantScores: variants.flatMap((variant) => rows.map((row) => scoreOf(row, variant))),
        artistIds: rows.map((row) => vocabulary.artistFor(row)),
        versionGroupIds: rows.map((row) => vocabulary.versionGroupFor(row)),
        exhausted: own.length <= task.candidates,
      };
    },
    rightAnswer(question) {
      const input = question.songIds.flatMap((songId) => vocabulary.rowFor(songId) ?? []);
      const masked = new Set(input.flatMap((row) => vocabulary.versionsOf(row)));
      const taken: { row: number; score: number }[] = [];
      const isAllowed = (row: number): boolean => {
        const sameArtist = taken.filter(
          (other) => vocabulary.artistFor(other.row) === vocabulary.artistFor(row),
        );
        const isVersion = taken.some((other) => vocabulary.versionsOf(other.row).includes(row));
        return !isVersion && sameArtist.length < question.songsPerArtistMax;
      };
      for (const candidate of rank(allRows, input)) {
        if (taken.length === question.limit) break;
        if (!masked.has(candidate.row) && isAllowed(candidate.row)) taken.push(candidate);
      }
      return taken.map(({ row, score }) => ({
        songId: `s${row}`,
        score,
        because: rightReasons(input, (inputRow) => affinity(row, inputRow)),
      }));
    },
  };
}

function rightReasons(
  input: readonly number[],
  affinityTo: (inputRow: number) => number,
): RecommendedSong["because"] {
  if (input.length === 1) return [{ songId: `s${input[0]}`, weight: 1 }];
  const total = input.reduce((sum, inputRow) => sum + affinityTo(inputRow), 0);
  return input
    .map((inputRow, position) => ({ inputRow, position, fall: affinityTo(inputRow) }))
    .filter(({ fall }) => fall > 0)
    .sort((left, right) => right.fall - left.fall || right.position - left.position)
    .slice(0, 3)
    .map(({ inputRow, fall }) => ({ songId: `s${inputRow}`, weight: fall / total }));
}
