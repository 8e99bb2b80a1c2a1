/**
 * Says several times a second who this process is and how it fares, and says farewell at the end.
 * Beats go to the partitions of the topic in turn, passing over those that hang or have no leader, so
 * that one broker's death costs one beat and silences nobody. News and farewells go to all of them;
 * readers drop what they have heard already.
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
  readonly bus: Pick<Bus, "publish" | "leaderOf">;
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
  /** What is on its way to each partition. One that hangs misses beats, instead of delaying them. */
  readonly #underWay = new Map<number, Promise<void>>();
  /** News for partitions that are busy: one beat more when they are free. */
  readonly #owed = new Map<number, Promise<void>>();
  #sentAtMs = 0;
  #last = 0;
  #isClosed = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#beatWhereFree(), options.intervalMs ?? 200);
    this.#timer.unref();
    void this.#beatWhereFree();
  }

  async beat(): Promise<void> {
    if (this.#isClosed) return;
    const value = this.#encode();
    await this.#anyOf(
      partitions().map((partition) =>
        this.#underWay.has(partition) ? this.#owe(partition) : this.#publish(partition, value),
      ),
    );
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

  async #beatWhereFree(): Promise<void> {
    const { bus, onError } = this.#options;
    const inTurn = partitions().map((step) => (this.#last + 1 + step) % HEARTBEAT_PARTITIONS);
    const free = inTurn.filter((partition) => !this.#underWay.has(partition));
    const isLed = (partition: number) => bus.leaderOf(TOPICS.heartbeats, partition) !== undefined;
    let refusal: unknown;
    for (const partition of free.toSorted((a, b) => Number(isLed(b)) - Number(isLed(a)))) {
      this.#last = partition;
      try {
        await this.#publish(partition, this.#encode());
        return;
      } catch (error) {
        refusal = error;
      }
    }
    if (refusal !== undefined) onError(refusal);
  }

  #encode(): Uint8Array {
    const { replica, about, describe, now } = this.#options;
    // Readers order beats by this, also when somebody sets the clock back.
    this.#sentAtMs = Math.max(now(), this.#sentAtMs + 1);
    const place = { replica, sentAtMs: this.#sentAtMs, pid: process.pid };
    const fields = { ...about, ...describe(), ...place };
    return toBinary(HeartbeatSchema, create(HeartbeatSchema, fields));
  }

  async #anyOf(sends: readonly Promise<void>[]): Promise<void> {
    try {
      await Promise.any(sends);
    } catch (error) {
      this.#options.onError(error instanceof AggregateError ? error.errors[0] : error);
    }
  }

  #publish(partition: number, value: Uint8Array): Promise<void> {
    const { bus, replica } = this.#options;
    const sending = bus
      .publish(TOPICS.heartbeats, { key: replica, value, partition })
      .finally(() => this.#underWay.delete(partition));
    this.#underWay.set(partition, sending);
    return sending;
  }

  #owe(partition: number): Promise<void> {
    const known = this.#owed.get(partition);
    if (known !== undefined) return known;
    const send = (): Promise<void> | undefined => {
      this.#owed.delete(partition);
      return this.#isClosed ? undefined : this.#publish(partition, this.#encode());
    };
    const owed = Promise.resolve(this.#underWay.get(partition)).then(send, send);
    this.#owed.set(partition, owed);
    return owed;
  }
}

function partitions(): number[] {
  return Array.from({ length: HEARTBEAT_PARTITIONS }, (_, partition) => partition);
}
