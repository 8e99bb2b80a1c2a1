/**
 * Where the in-process bus keeps its durable topics: an append-only table with group offsets.
 * `packages/store` implements it, so that plays survive a restart of the embedded product.
 */

export interface LogEntry {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs: number;
}

export interface StoredLogEntry extends LogEntry {
  readonly offset: bigint;
}

export interface DurableLog {
  /** Stores the entries in order and returns their offsets; resolves when they are on disk. */
  append(entries: readonly LogEntry[]): Promise<readonly bigint[]>;
  /** Entries of one partition from `offset` on, ascending, at most `limit`. */
  read(
    topic: string,
    partition: number,
    offset: bigint,
    limit: number,
  ): Promise<readonly StoredLogEntry[]>;
  /** The offset that the next appended entry will have at least. */
  endOffset(topic: string, partition: number): Promise<bigint>;
  /** Next offset to handle, or undefined when the group never committed. */
  committedOffset(group: string, topic: string, partition: number): Promise<bigint | undefined>;
  commit(group: string, topic: string, partition: number, nextOffset: bigint): Promise<void>;
}
