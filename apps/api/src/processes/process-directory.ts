/** Who is alive: the newest heartbeat of every process. */
import type { Bus, BusRecord, Subscription } from "@segue/bus";
import { fromBinary, type Heartbeat, HeartbeatSchema, TOPICS } from "@segue/contracts";
import { AppError } from "@segue/errors";

export interface KnownProcess {
  readonly heartbeat: Heartbeat;
  /** Unix time in milliseconds, by this process's clock. */
  readonly heardAtMs: number;
  readonly isLost: boolean;
}

/** So many missed beats are more than a busy moment. */
const LOST_AFTER_MS = 3_000;
/** A process that vanished without farewell is still shown, as lost, for so long. */
const FORGOTTEN_AFTER_MS = 60_000;

export class ProcessDirectory {
  readonly #now: () => number;
  readonly #heard = new Map<string, { heartbeat: Heartbeat; heardAtMs: number }>();
  #subscription: Subscription | undefined;

  private constructor(now: () => number) {
    this.#now = now;
  }

  /** Resolves when everything said up to now is known. */
  static async open(bus: Bus, now: () => number): Promise<ProcessDirectory> {
    const directory = new ProcessDirectory(now);
    const partitionCount = await bus.partitionCount(TOPICS.heartbeats);
    const caughtUp = Promise.withResolvers<void>();
    directory.#subscription = await bus.read({
      topic: TOPICS.heartbeats,
      partitions: Array.from({ length: partitionCount }, (_, partition) => partition),
      from: "earliest",
      handler: (record) => directory.#onHeartbeat(record),
      onCaughtUp: () => caughtUp.resolve(),
    });
    await caughtUp.promise;
    return directory;
  }

  /** By role, stage, shard and replica. */
  processes(): readonly KnownProcess[] {
    const nowMs = this.#now();
    for (const [replica, { heardAtMs }] of this.#heard) {
      if (heardAtMs < nowMs - FORGOTTEN_AFTER_MS) this.#heard.delete(replica);
    }
    const known = [...this.#heard.values()].map(({ heartbeat, heardAtMs }) => {
      return { heartbeat, heardAtMs, isLost: heardAtMs < nowMs - LOST_AFTER_MS };
    });
    return known.toSorted((left, right) => {
      const [a, b] = [left.heartbeat, right.heartbeat];
      const byPlace = a.role.localeCompare(b.role) || a.stage - b.stage || a.shard - b.shard;
      return byPlace || a.replica.localeCompare(b.replica);
    });
  }

  hasDispatcher(): boolean {
    const lostBeforeMs = this.#now() - LOST_AFTER_MS;
    for (const { heartbeat, heardAtMs } of this.#heard.values()) {
      if (heartbeat.role === "dispatcher" && heardAtMs >= lostBeforeMs) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  async #onHeartbeat(record: BusRecord): Promise<void> {
    if (record.value.length === 0) this.#heard.delete(record.key);
    else {
      const heartbeat = decodeHeartbeat(record.value);
      this.#heard.set(record.key, { heartbeat, heardAtMs: record.timestampMs });
    }
    await Promise.resolve();
  }
}

function decodeHeartbeat(bytes: Uint8Array): Heartbeat {
  try {
    return fromBinary(HeartbeatSchema, bytes);
  } catch (cause) {
    throw new AppError("MESSAGE_UNREADABLE", "These bytes are no heartbeat", { cause });
  }
}
