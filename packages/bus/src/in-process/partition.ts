/** One partition of an in-process topic: its log, who waits for records, who still needs them. */
import type { TopicKind } from "../bus.ts";
import type { NewRecord, PartitionLog } from "./partition-log.ts";

export class Partition {
  readonly topic: string;
  readonly index: number;
  readonly kind: TopicKind;
  readonly log: PartitionLog;
  readonly #listeners = new Set<() => void>();
  readonly #holds: Set<() => bigint>;

  /** `holds` is shared with the log, which wants to know whether anybody consumes it. */
  constructor(
    place: { topic: string; index: number; kind: TopicKind },
    log: PartitionLog,
    holds: Set<() => bigint>,
  ) {
    this.topic = place.topic;
    this.index = place.index;
    this.kind = place.kind;
    this.log = log;
    this.#holds = holds;
  }

  async append(record: NewRecord): Promise<void> {
    const appended = this.log.append(record);
    if (appended !== undefined) await appended;
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener after each append; returns what ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps the records from `floor()` on; returns what ends that. */
  hold(floor: () => bigint): () => void {
    this.#holds.add(floor);
    return () => {
      this.#holds.delete(floor);
      this.forgetHandled();
    };
  }

  /** Drops what every consumer is done with. */
  forgetHandled(): void {
    let floor: bigint | undefined;
    for (const hold of this.#holds) {
      const held = hold();
      if (floor === undefined || held < floor) floor = held;
    }
    if (floor !== undefined) this.log.forgetBefore(floor);
  }
}
