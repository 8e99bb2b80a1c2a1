/**
 * What the pipeline needs of a message bus, and no more. Two implementations pass the same
 * contract suite: in-process and Kafka. Nothing outside this package knows which one runs.
 *
 * Delivery is at least once: an offset is committed after its handler has resolved, in order
 * within a partition, so a record may come again after a crash and handlers are idempotent.
 */

/**
 * - `work`: short-lived; lost with the bus. Where consumers stay far behind, `publish` refuses with
 *   OVERLOADED (in-process) or the oldest records go (Kafka's retention).
 * - `compacted`: the newest value of each key is kept; an empty value deletes the key. A reader may
 *   see older values of a key before the newest, or miss them.
 * - `durable`: survives a restart of everything; `publish` resolves only when it is stored.
 */
export type TopicKind = "work" | "compacted" | "durable";

export interface TopicSpec {
  readonly name: string;
  readonly kind: TopicKind;
  readonly partitions: number;
  /** Durable topics: records older than this may be removed. Absent: never. */
  readonly retentionMs?: number;
}

export interface BusMessage {
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: chosen by the key's hash, the same for equal keys while the partition count stays. */
  readonly partition?: number;
}

export interface BusRecord {
  readonly topic: string;
  readonly partition: number;
  /** Ascending within a partition, from 0; gaps are allowed. */
  readonly offset: bigint;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * When it was put on the bus, by the clock of this process: a bus between hosts makes up for clocks
   * that disagree, and takes a record whose age it cannot tell for a new one.
   */
  readonly timestampMs: number;
}

/**
 * Resolving commits the record. The value belongs to the handler alone; `signal` aborts when the
 * record is no longer this member's. A thrown `MESSAGE_UNREADABLE` sends it to `dead.v1` at once;
 * anything else is delivered again after a pause of at most 2 s, up to `deliveriesMax`, and then sent
 * there. A record of a durable topic whose handler fails with a retryable error is never sent there:
 * it comes again until it is handled, by this member or, once this one closes, by the next.
 */
export type RecordHandler = (record: BusRecord, signal: AbortSignal) => Promise<void>;

export interface OwnershipChange {
  readonly topic: string;
  readonly gained: readonly number[];
  readonly lost: readonly number[];
  /** All partitions of the topic that this member now owns, ascending. */
  readonly owned: readonly number[];
}

/** Of one who consumes records, in a group or alone. */
interface ConsumeOptions {
  readonly handler: RecordHandler;
  /**
   * Records may come so much later, together with those behind them: a topic of many small records
   * then costs its brokers less. Default 0.
   */
  readonly gatherMs?: number;
}

export interface SubscribeOptions extends ConsumeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Records of one partition handled at the same time; 1 keeps their order. Default 1. */
  readonly concurrency?: number;
  /** Default 5. Does not bound retryable failures of durable records. */
  readonly deliveriesMax?: number;
  /**
   * Where a group without committed offsets starts; partitions added later are read from their
   * start. Default "earliest".
   */
  readonly from?: "earliest" | "latest";
  /** Called before the first record of a gained partition and after the last of a lost one. */
  readonly onOwnership?: (change: OwnershipChange) => void;
  /** A record whose life (a header) was over; it is committed without being handled. */
  readonly onExpired?: (record: BusRecord) => void;
}

export interface ReadOptions extends ConsumeOptions {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly from: "earliest" | "latest";
  /** Called once, when everything that was there at the start has been handled. */
  readonly onCaughtUp?: () => void;
}

export interface Subscription {
  /** Partitions owned now, by topic. */
  owned(): ReadonlyMap<string, readonly number[]>;
  /** Stops fetching, waits for the handlers under way, commits, leaves the group. */
  close(): Promise<void>;
}

export interface Bus {
  /**
   * Creates what is missing and grows what has fewer partitions. CONFIG_INVALID when a topic is
   * there with another kind.
   */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
  partitionCount(topic: string): Promise<number>;
  /**
   * Name of the broker that serves the partition, as far as this process knows at this moment;
   * undefined while none does that it can reach: what is sent there would wait for a new leader.
   */
  leaderOf(topic: string, partition: number): string | undefined;
  /**
   * Resolves when the bus has accepted the message (durable topics: stored it); never calls a
   * handler on the way. The sender may use its buffer again once this has resolved. Refuses with
   * BUS_UNAVAILABLE, OVERLOADED, or PAYLOAD_TOO_LARGE beyond 1 MiB.
   */
  publish(topic: string, message: BusMessage): Promise<void>;
  /** Joins a consumer group, which shares the partitions of the topics among its members. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Reads fixed partitions without a group: no rebalance stands between a reply and its waiter. */
  read(options: ReadOptions): Promise<Subscription>;
  /** Unhandled records per topic, partition and group. */
  lag(): Promise<readonly PartitionLag[]>;
  /** Closes every subscription, then the connection; calls after that fail with BUS_UNAVAILABLE. */
  close(): Promise<void>;
}

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly group: string;
  readonly lag: number;
}
