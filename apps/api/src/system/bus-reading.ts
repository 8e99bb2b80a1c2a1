/** How the bus fares: what waits in it, and who serves it. Asking Kafka for its lag costs several calls. */
import type { Bus, PartitionLag } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import { PatientReading } from "./patient-reading.ts";

export interface BusState {
  /** Why it cannot be reached; undefined while it can. */
  readonly problem: string | undefined;
  /** The last that could be measured. */
  readonly lag: readonly PartitionLag[];
  /** Who serves how many partitions now, as far as this process knows; by name. */
  readonly brokers: readonly { readonly name: string; readonly partitions: number }[];
}

type ReadableBus = Pick<Bus, "lag" | "leaderOf" | "partitionCount">;

const FRESH_MS = 1_000;
const PATIENCE_MS = 500;
/** A busy bus may take a second or two to say what waits in it. */
const AWAY_AFTER_MS = 5_000;
/** Enough of them to meet every broker. */
const LED_TOPICS = [TOPICS.requests, TOPICS.replies, TOPICS.receipts, TOPICS.heartbeats];

export class BusReading {
  readonly #bus: ReadableBus;
  readonly #measured: PatientReading<readonly PartitionLag[]>;
  readonly #partitionCounts = new Map<string, number>();

  /** @param now Unix time in milliseconds */
  constructor(bus: ReadableBus, now: () => number) {
    this.#bus = bus;
    this.#measured = new PatientReading({
      read: () => this.#measure(),
      freshMs: FRESH_MS,
      patienceMs: PATIENCE_MS,
      now,
    });
  }

  /** Never rejects. */
  async state(): Promise<BusState> {
    const { value: lag = [], error, lateMs } = await this.#measured.latest();
    const brokers = this.#brokers();
    return { problem: this.#problemOf(brokers.length, lateMs) ?? error?.message, lag, brokers };
  }

  #problemOf(brokerCount: number, lateMs: number): string | undefined {
    if (this.#partitionCounts.size > 0 && brokerCount === 0) return "No broker can be reached";
    if (lateMs < AWAY_AFTER_MS) return undefined;
    return `The bus has not answered for ${Math.round(lateMs / 1_000)} s`;
  }

  async #measure(): Promise<readonly PartitionLag[]> {
    for (const topic of LED_TOPICS) {
      this.#partitionCounts.set(topic, await this.#bus.partitionCount(topic));
    }
    return this.#bus.lag();
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
