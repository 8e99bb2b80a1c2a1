/**
 * Says several times a second who this process is and how it fares, and says farewell at the end.
 * Every beat goes to every partition of the topic, so that one broker's death silences nobody; readers
 * drop what they have heard already.
 */
import {
  create,
  HEARTBEAT_PARTITIONS,
  HeartbeatSchema,
  type MessageInitShape,
  TOPICS,
  toBinary,
} from "@segue/contracts";
import type { Bus } from "./bus.ts";

export type HeartbeatFields = Omit<
  MessageInitShape<typeof HeartbeatSchema>,
  "$typeName" | "replica" | "sentAtMs" | "pid"
>;

/** What a process says of itself beside its work. */
export interface ProcessAbout {
  readonly productVersion: string;
  /** Where its probes and metrics answer, such as "127.0.0.1:9101"; empty for none. */
  readonly operationsAddress: string;
}

export interface HeartbeatOptions {
  readonly bus: Pick<Bus, "publish">;
  readonly replica: string;
  readonly about?: ProcessAbout;
  /** Asked before each beat. */
  readonly describe: () => HeartbeatFields;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Default 200. */
  readonly intervalMs?: number;
  /** Told of a beat that no partition took. */
  readonly onError: (error: unknown) => void;
}

export interface Heartbeats {
  /** One more beat at once, for news that should not wait; resolves when a partition has taken it. */
  beat(): Promise<void>;
  /** Stops and says farewell, so that nobody waits to find out. */
  close(): Promise<void>;
}

/** A farewell that is not taken within this time is left to the others' patience. */
const FAREWELL_MS_MAX = 1_000;

export function startHeartbeats(options: HeartbeatOptions): Heartbeats {
  return new PeriodicHeartbeats(options);
}

class PeriodicHeartbeats implements Heartbeats {
  readonly #options: HeartbeatOptions;
  readonly #timer: NodeJS.Timeout;
  /** Partitions that have not taken the last beat yet. One that hangs misses beats, not delays them. */
  readonly #busy = new Set<number>();
  #sentAtMs = 0;
  #isClosed = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.beat(), options.intervalMs ?? 200);
    this.#timer.unref();
    void this.beat();
  }

  async beat(): Promise<void> {
    const free = partitions().filter((partition) => !this.#busy.has(partition));
    if (this.#isClosed || free.length === 0) return;
    const { replica, about, describe, now, onError } = this.#options;
    // Readers order beats by this, also when somebody sets the clock back.
    this.#sentAtMs = Math.max(now(), this.#sentAtMs + 1);
    const place = { replica, sentAtMs: this.#sentAtMs, pid: process.pid };
    const fields = { ...about, ...describe(), ...place };
    const value = toBinary(HeartbeatSchema, create(HeartbeatSchema, fields));
    try {
      await Promise.any(free.map((partition) => this.#publish(partition, value)));
    } catch (error) {
      onError(error instanceof AggregateError ? error.errors[0] : error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const farewells = partitions().map((partition) =>
      this.#publish(partition, new Uint8Array()).catch(this.#options.onError),
    );
    const { promise: patience, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FAREWELL_MS_MAX);
    await Promise.race([Promise.all(farewells), patience]);
    clearTimeout(timer);
  }

  async #publish(partition: number, value: Uint8Array): Promise<void> {
    const { bus, replica } = this.#options;
    this.#busy.add(partition);
    try {
      await bus.publish(TOPICS.heartbeats, { key: replica, value, partition });
    } finally {
      this.#busy.delete(partition);
    }
  }
}

function partitions(): number[] {
  return Array.from({ length: HEARTBEAT_PARTITIONS }, (_, partition) => partition);
}
