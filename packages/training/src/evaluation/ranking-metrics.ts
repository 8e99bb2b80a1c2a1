/**
 * Ranks each next song among all songs and sums up. Ties count against the method, so that a model
 * that gives every song the same score ranks everything last.
 */
import { Random } from "../random.ts";
import { type Sessions, sessionCount, sessionItems } from "../sessions/sessions.ts";
import { type PositionVisitor, UNSCORED } from "./scorer.ts";

const TOP = 20;
const RESAMPLES = 200;

export type RankingFigures = {
  /** Next songs that were ranked. */
  readonly positions: number;
  readonly "hr@1": number;
  readonly "hr@10": number;
  readonly "hr@20": number;
  readonly "mrr@20": number;
  readonly "ndcg@10": number;
  /** Share of the session's distinct later songs that the first 20 hold. */
  readonly "restRecall@20": number;
  /** Share of all songs that stand among the first 20 at least once. */
  readonly "coverage@20": number;
  /** Standard errors by bootstrap over sessions, whose positions depend on each other. */
  readonly "hr@20Error": number;
  readonly "mrr@20Error": number;
};

export class RankingMetrics {
  readonly #sessions: Sessions;
  readonly #songCount: number;
  readonly #positionsOf: Float64Array;
  readonly #hitsOf: Float64Array;
  readonly #reciprocalsOf: Float64Array;
  readonly #covered: Uint8Array;
  readonly #allSongs: Int32Array;
  readonly #top = new Int32Array(TOP);
  #topCount = 0;
  #hits1 = 0;
  #hits10 = 0;
  #gain10 = 0;
  #restRecall = 0;

  constructor(sessions: Sessions, songCount: number) {
    this.#sessions = sessions;
    this.#songCount = songCount;
    this.#positionsOf = new Float64Array(sessionCount(sessions));
    this.#hitsOf = new Float64Array(sessionCount(sessions));
    this.#reciprocalsOf = new Float64Array(sessionCount(sessions));
    this.#covered = new Uint8Array(songCount);
    this.#allSongs = Int32Array.from({ length: songCount }, (_, song) => song);
  }

  /** See PositionVisitor. */
  readonly add: PositionVisitor = (session, prefixLength, scores, proposed) => {
    const items = sessionItems(this.#sessions, session);
    const rank = this.#rank(scores, items[prefixLength] as number, proposed ?? this.#allSongs);
    increase(this.#positionsOf, session, 1);
    if (rank === 1) this.#hits1++;
    if (rank <= 10) {
      this.#hits10++;
      this.#gain10 += 1 / Math.log2(rank + 1);
    }
    if (rank <= TOP) {
      increase(this.#hitsOf, session, 1);
      increase(this.#reciprocalsOf, session, 1 / rank);
    }
    const rest = new Set(items.subarray(prefixLength));
    let found = 0;
    for (const song of this.#top.subarray(0, this.#topCount)) {
      this.#covered[song] = 1;
      if (rest.has(song)) found++;
    }
    this.#restRecall += found / rest.size;
  };

  figures(): RankingFigures {
    const positions = total(this.#positionsOf);
    const share = (sum: number) => (positions === 0 ? 0 : sum / positions);
    return {
      positions,
      "hr@1": share(this.#hits1),
      "hr@10": share(this.#hits10),
      "hr@20": share(total(this.#hitsOf)),
      "mrr@20": share(total(this.#reciprocalsOf)),
      "ndcg@10": share(this.#gain10),
      "restRecall@20": share(this.#restRecall),
      "coverage@20": total(this.#covered) / this.#songCount,
      "hr@20Error": bootstrapError(this.#hitsOf, this.#positionsOf),
      "mrr@20Error": bootstrapError(this.#reciprocalsOf, this.#positionsOf),
    };
  }

  /** One pass: counts songs that score at least as high as the target, and keeps the first 20. */
  #rank(scores: Float32Array, target: number, songs: Int32Array | readonly number[]): number {
    const targetScore = scores[target] as number;
    const top = this.#top;
    let rank = 0;
    let count = 0;
    let worst = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < songs.length; index++) {
      const song = songs[index] as number;
      const score = scores[song] as number;
      rank += score >= targetScore ? 1 : 0;
      if (score > worst) {
        let at = count < TOP ? count++ : TOP - 1;
        for (; at > 0 && (scores[top[at - 1] as number] as number) < score; at--) {
          top[at] = top[at - 1] as number;
        }
        top[at] = song;
        if (count === TOP) worst = scores[top[TOP - 1] as number] as number;
      }
    }
    this.#topCount = count;
    // A song without a score, or whose score is not a number, is as bad as the last one.
    return targetScore > UNSCORED ? rank : scores.length;
  }
}

function increase(values: Float64Array, index: number, amount: number): void {
  values[index] = (values[index] as number) + amount;
}

function total(values: Float64Array | Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function bootstrapError(sums: Float64Array, counts: Float64Array): number {
  if (sums.length < 2) return 0;
  const random = new Random(1);
  const means: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < sums.length; draw++) {
      const session = random.below(sums.length);
      sum += sums[session] as number;
      count += counts[session] as number;
    }
    if (count > 0) means.push(sum / count);
  }
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return means.length < 2 ? 0 : Math.sqrt(squares / (means.length - 1));
}
