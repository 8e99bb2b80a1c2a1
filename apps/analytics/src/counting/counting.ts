import type { PairCounting } from "./pair-counter.ts";
import type { PlayAggregation } from "./play-aggregation.ts";

/** Everything that a call may count with. */
export interface Counting {
  readonly pairs: PairCounting;
  /** For the plays of an AggregatePlays call. */
  readonly plays: PlayAggregation;
  /** For those that another node has sent here. */
  readonly playsOfShares: PlayAggregation;
}
