/**
 * How the bus fares, measured at most once a second and never waited for longer than a reader has
 * patience: asking Kafka for its lag costs several calls, and a bus that is away answers late.
 */
import type { Bus, PartitionLag } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import { toAppError } from "@segue/errors";

export interface BusState {
  readonly isReachable: boolean;
  /** Why not; undefined while it is reachable. */
  readonly problem: string | undefined;
  /** The last that could be measured. */
  readonly lag: readonly PartitionLag[];
  /** Who serves how many partitions now, as far as this process knows; by name. */
  readonly brokers: readonly { readonly name: string; readonly partitions: number }[];
}

const FRESH_MS = 1_000;
const PATIENCE_MS = 500;
/** Enough of them to meet every broker. */
const LED_TOPICS = [TOPICS.requests, TOPICS.replies, TOPICS.receipts, TOPICS.heartbeats];

export class BusReading {
  readonly #bus: Pick<Bus, "lag" | "leaderOf" | "partitionCount">;
  readonly #now: () => number;
  #lag: readonly PartitionLag[] = [];
  #problem: string | undefined;
  #measuredAtMs = Number.NEGATIVE_INFINITY;
  #measuring: { readonly sinceMs: number; readonly done: Promise<void> } | undefined;
  readonly #partitionCounts = new Map<string, number>();

  constructor(bus: Pick<Bus, "lag" | "leaderOf" | "partitionCount">, now: () => number) {
    this.#bus = bus;
    this.#now = now;
  }

  async state(): Promise<BusState> {
    if (this.#now() - this.#measuredAtMs >= FRESH_MS) await this.#remeasure();
    const problem = this.#lateness() ?? this.#problem;
    const isReachable = problem === undefined;
    return { isReachable, problem, lag: this.#lag, brokers: this.#brokers() };
  }

  async #remeasure(): Promise<void> {
    this.#measuring ??= { sinceMs: this.#now(), done: this.#measure() };
    const patienceMs = this.#measuring.sinceMs + PATIENCE_MS - this.#now();
    if (patienceMs <= 0) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, patienceMs);
    await Promise.race([this.#measuring.done, late.promise]);
    clearTimeout(timer);
  }

  async #measure(): Promise<void> {
    try {
      this.#lag = await this.#bus.lag();
      for (const topic of LED_TOPICS) {
        this.#partitionCounts.set(topic, await this.#bus.partitionCount(topic));
      }
      this.#problem = undefined;
    } catch (thrown) {
      this.#problem = toAppError(thrown).message;
    } finally {
      this.#measuredAtMs = this.#now();
      this.#measuring = undefined;
    }
  }

  #lateness(): string | undefined {
    if (this.#measuring === undefined) return undefined;
    const waitedMs = this.#now() - this.#measuring.sinceMs;
    if (waitedMs < PATIENCE_MS) return undefined;
    return `The bus has not answered for ${(waitedMs / 1_000).toFixed(1)} s`;
  }

  #brokers(): BusState["brokers"] {
    const led = new Map<string, number>();
    for (const [topic, count] of this.#partitionCounts) {
      for (let partition = 0; partition < count; partition += 1) {
        const leader = this.#bus.leaderOf(topic, partition);
        if (leader !== undefined) led.set(leader, (led.get(leader) ?? 0) + 1);
      }
    }
    const brokers = [...led].map(([name, partitions]) => ({ name, partitions }));
    return brokers.toSorted((left, right) => left.name.localeCompare(right.name));
  }
}
