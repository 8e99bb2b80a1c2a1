/** The times and bounds that a dispatcher keeps to. */
import { candidateCountFor } from "../answer/candidate-merge.ts";
import { BREAKER_DEFAULTS } from "./breaker.ts";
import { PRESENCE_DEFAULTS } from "./presence.ts";
import type { ReplicaDirectoryOptions } from "./replica-directory.ts";
import { RETRY_BUDGET_DEFAULTS, type RetryBudgetOptions } from "./retry-budget.ts";

export interface DispatcherOptions {
  /** An attempt without a complete answer for so long is given up and made again elsewhere. */
  readonly attemptTimeoutMs: number;
  /** Failed attempts of one request after which the ladder answers. */
  readonly failedAttemptsMax: number;
  /** How long a request waits for a complete route before the ladder answers. */
  readonly routePatienceMs: number;
  /**
   * The same while living replicas only wait for their partitions: a group of consumers takes its
   * time to hand them over, longer on a busy machine, and then there is a full answer.
   */
  readonly handoverPatienceMs: number;
  /** The ladder answers so long before the deadline, for the reply has a way to go too. */
  readonly deadlineMarginMs: number;
  /** Ticks come so often; a gap of several ticks is a pause of this process. */
  readonly tickMs: number;
  /** More requests at once are answered by the ladder right away. */
  readonly liveRequestsMax: number;
  /** For how long, and how many, answers are kept for requests that come again. */
  readonly answersWindowMs: number;
  readonly answersMax: number;
  /** How many rows each shard is asked for at first, by the request's limit. */
  readonly candidateCountFor: (limit: number) => number;
  /** Brokers through which an attempt was lost are gone around for so long. */
  readonly leaderSuspicionMs: number;
  readonly retryBudget: RetryBudgetOptions;
  readonly directory: ReplicaDirectoryOptions;
}

export const DISPATCHER_DEFAULTS: DispatcherOptions = {
  attemptTimeoutMs: 700,
  failedAttemptsMax: 5,
  routePatienceMs: 1_000,
  handoverPatienceMs: 3_000,
  deadlineMarginMs: 250,
  tickMs: 20,
  liveRequestsMax: 2_000,
  answersWindowMs: 60_000,
  answersMax: 10_000,
  candidateCountFor,
  leaderSuspicionMs: 2_000,
  retryBudget: RETRY_BUDGET_DEFAULTS,
  directory: { ...PRESENCE_DEFAULTS, breaker: BREAKER_DEFAULTS },
};

/** The defaults with what an operator may set; the ladder keeps a part of the deadline, never most of a short one. */
export function dispatcherOptionsFor(set: {
  readonly attemptTimeoutMs: number;
  readonly requestDeadlineMs: number;
}): DispatcherOptions {
  const { attemptTimeoutMs, requestDeadlineMs } = set;
  const deadlineMarginMs = Math.min(DISPATCHER_DEFAULTS.deadlineMarginMs, requestDeadlineMs / 10);
  return { ...DISPATCHER_DEFAULTS, attemptTimeoutMs, deadlineMarginMs };
}
