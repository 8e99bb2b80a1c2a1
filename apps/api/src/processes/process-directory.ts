/** Who is alive: the newest heartbeat of every process. */
import { type Bus, readHeartbeats, type Subscription } from "@segue/bus";
import type { Heartbeat } from "@segue/contracts";
import { PRESENCE_DEFAULTS, Presence } from "@segue/domain";

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
/** A dispatcher that was there so recently may be on its way back. */
const DISPATCHER_DUE_MS = 10_000;

export class ProcessDirectory {
  readonly #now: () => number;
  readonly #presence = new Presence(PRESENCE_DEFAULTS);
  readonly #known = new Map<string, { heartbeat: Heartbeat; heardAtMs: number }>();
  #dispatcherHeardAtMs = Number.NEGATIVE_INFINITY;
  #subscription: Subscription | undefined;

  private constructor(now: () => number) {
    this.#now = now;
  }

  /** Resolves when everything said up to now is known. */
  static async open(bus: Pick<Bus, "read">, now: () => number): Promise<ProcessDirectory> {
    const directory = new ProcessDirectory(now);
    directory.#subscription = await readHeartbeats({
      bus,
      onHeartbeat: (heartbeat, isHistory) => directory.#onHeartbeat(heartbeat, isHistory),
      onFarewell: (replica) => directory.#onFarewell(replica),
    });
    return directory;
  }

  /** By role, stage, shard and replica. */
  processes(): readonly KnownProcess[] {
    const nowMs = this.#now();
    for (const [replica, { heardAtMs }] of this.#known) {
      if (heardAtMs < nowMs - FORGOTTEN_AFTER_MS) this.#known.delete(replica);
    }
    const known = [...this.#known.values()].map(({ heartbeat, heardAtMs }) => {
      return { heartbeat, heardAtMs, isLost: heardAtMs < nowMs - LOST_AFTER_MS };
    });
    return known.toSorted((left, right) => {
      const [a, b] = [left.heartbeat, right.heartbeat];
      const byPlace = a.role.localeCompare(b.role) || a.stage - b.stage || a.shard - b.shard;
      return byPlace || a.replica.localeCompare(b.replica);
    });
  }

  /** Heard lately, and has not said farewell. */
  isLiving(replica: string): boolean {
    return this.#presence.isHeard(replica, this.#now());
  }

  /** Those that take requests now. */
  dispatchers(): readonly Heartbeat[] {
    const heartbeats = [...this.#known.values()].map(({ heartbeat }) => heartbeat);
    return heartbeats.filter(
      ({ role, replica, ready, draining, ownedPartitions }) =>
        role === "dispatcher" &&
        ready &&
        !draining &&
        ownedPartitions.length > 0 &&
        this.isLiving(replica),
    );
  }

  /** Whether it is worth waiting for one: one is starting, or was there a moment ago. */
  isDispatcherDue(): boolean {
    return this.#now() - this.#dispatcherHeardAtMs <= DISPATCHER_DUE_MS;
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  #onHeartbeat(heartbeat: Heartbeat, isHistory: boolean): void {
    const nowMs = this.#now();
    const { replica, role, sentAtMs } = heartbeat;
    if (this.#presence.hear(heartbeat, nowMs, isHistory) === "nothing") return;
    const heardAtMs = isHistory ? Math.min(nowMs, sentAtMs) : nowMs;
    this.#known.set(replica, { heartbeat, heardAtMs });
    const isSign = !isHistory || this.isLiving(replica);
    if (role === "dispatcher" && isSign) this.#dispatcherHeardAtMs = nowMs;
  }

  #onFarewell(replica: string): void {
    this.#presence.farewell(replica);
    this.#known.delete(replica);
  }
}
