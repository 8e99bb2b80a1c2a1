import type { Database, WriteTransaction } from "../sql/database.ts";
import { inParts, inPartsByBytes } from "../sql/in-parts.ts";

// The bus's entries in the same shape: its `DurableLog` is met structurally, so that neither of the
// two adapters imports the other.
export interface LogEntry {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs: number;
}

export interface LogPlace {
  readonly partition: number;
  readonly offset: bigint;
}

export interface StoredLogEntry extends LogEntry {
  readonly offset: bigint;
}

/**
 * The append-only table behind the in-process bus's durable topics; has the shape of the bus's
 * `DurableLog`. Appends and commits that wait together share one wait for the disk.
 */
export interface DurableLogStore {
  /** Stores all or none, in order, and returns their offsets; resolves when they are on disk. */
  append(entries: readonly LogEntry[]): Promise<readonly bigint[]>;
  /** Entries of one partition from `offset` on, ascending, at most `limit`. */
  read(
    topic: string,
    partition: number,
    offset: bigint,
    limit: number,
  ): Promise<readonly StoredLogEntry[]>;
  /** The offset of the next entry. */
  endOffset(topic: string, partition: number): Promise<bigint>;
  /** Next offset to handle, or undefined when the group never committed. */
  committedOffset(group: string, topic: string, partition: number): Promise<bigint | undefined>;
  commit(group: string, topic: string, partition: number, nextOffset: bigint): Promise<void>;
  /**
   * Retention: removes the entries of each partition up to the first that was not written before
   * then, in slices between which others write. Offsets go on where they were.
   */
  deleteEntriesBefore(topic: string, timeMs: number): Promise<number>;
}

const DELETED_AT_ONCE_MAX = 1_000;

export function createDurableLog(database: Database): DurableLogStore {
  const { read } = database;
  return {
    append: (entries) =>
      entries.length === 0
        ? Promise.resolve([])
        : database.write((transaction) => append(transaction, entries)),
    async read(topic, partition, offset, limit) {
      const rows = await read
        .selectFrom("log_entries")
        .selectAll()
        .where("topic", "=", topic)
        .where("topic_partition", "=", partition)
        .where("entry_offset", ">=", Number(offset))
        .orderBy("entry_offset")
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        topic,
        partition,
        offset: BigInt(row.entry_offset),
        key: row.record_key,
        value: row.record_value,
        headers: JSON.parse(row.headers) as Record<string, string>,
        timestampMs: row.timestamp_ms,
      }));
    },
    async endOffset(topic, partition) {
      const row = await read
        .selectFrom("log_ends")
        .select("next_offset")
        .where("topic", "=", topic)
        .where("topic_partition", "=", partition)
        .executeTakeFirst();
      return BigInt(row?.next_offset ?? 0);
    },
    async committedOffset(group, topic, partition) {
      const row = await read
        .selectFrom("log_commits")
        .select("next_offset")
        .where("group_name", "=", group)
        .where("topic", "=", topic)
        .where("topic_partition", "=", partition)
        .executeTakeFirst();
      return row === undefined ? undefined : BigInt(row.next_offset);
    },
    commit: (group, topic, partition, nextOffset) =>
      database.write((transaction) =>
        commit(transaction, group, topic, partition, Number(nextOffset)),
      ),
    async deleteEntriesBefore(topic, timeMs) {
      const partitions = await read
        .selectFrom("log_ends")
        .select("topic_partition")
        .where("topic", "=", topic)
        .execute();
      let deleted = 0;
      for (const { topic_partition } of partitions) {
        for (let slice = DELETED_AT_ONCE_MAX; slice === DELETED_AT_ONCE_MAX; deleted += slice) {
          slice = await database.write((transaction) =>
            deleteOldest(transaction, topic, topic_partition, timeMs),
          );
        }
      }
      return deleted;
    },
  };
}

/** Removes the entries of a topic under these keys. Readers pass over the gaps they leave. */
export async function deleteEntriesOf(
  transaction: WriteTransaction,
  topic: string,
  keys: readonly string[],
): Promise<void> {
  for (const part of inParts(keys)) {
    await transaction
      .deleteFrom("log_entries")
      .where("topic", "=", topic)
      .where("record_key", "in", part)
      .execute();
  }
}

/**
 * Removes so many of the entries under one key, or of those that lie before a place in its partition.
 * Returns how many.
 */
export async function deleteSomeEntriesOf(
  transaction: WriteTransaction,
  topic: string,
  key: string,
  { before, limit }: { readonly before: LogPlace | undefined; readonly limit: number },
): Promise<number> {
  const entries = transaction
    .selectFrom("log_entries")
    .select(["topic_partition", "entry_offset"])
    .where("topic", "=", topic)
    .where("record_key", "=", key)
    .limit(limit);
  const rows = await (before === undefined
    ? entries
    : entries
        .where("topic_partition", "=", before.partition)
        .where("entry_offset", "<", Number(before.offset))
  ).execute();
  for (const [partition, some] of Map.groupBy(rows, (row) => row.topic_partition)) {
    for (const part of inParts(some.map((row) => row.entry_offset))) {
      await transaction
        .deleteFrom("log_entries")
        .where("topic", "=", topic)
        .where("topic_partition", "=", partition)
        .where("entry_offset", "in", part)
        .execute();
    }
  }
  return rows.length;
}

/** The same for one key in one partition, up to the entry at the offset and with it. */
export async function deleteEntriesUpTo(
  transaction: WriteTransaction,
  topic: string,
  key: string,
  { partition, offset }: LogPlace,
): Promise<void> {
  await transaction
    .deleteFrom("log_entries")
    .where("topic", "=", topic)
    .where("record_key", "=", key)
    .where("topic_partition", "=", partition)
    .where("entry_offset", "<=", Number(offset))
    .execute();
}

/** Offsets ascend with time, so the old ones lie in front, where the primary key finds them. */
async function deleteOldest(
  transaction: WriteTransaction,
  topic: string,
  partition: number,
  timeMs: number,
): Promise<number> {
  const oldest = await transaction
    .selectFrom("log_entries")
    .select(["entry_offset", "timestamp_ms"])
    .where("topic", "=", topic)
    .where("topic_partition", "=", partition)
    .orderBy("entry_offset")
    .limit(DELETED_AT_ONCE_MAX)
    .execute();
  const kept = oldest.findIndex((row) => row.timestamp_ms >= timeMs);
  const lastOld = kept === -1 ? oldest.at(-1) : oldest[kept - 1];
  if (lastOld === undefined) return 0;
  await transaction
    .deleteFrom("log_entries")
    .where("topic", "=", topic)
    .where("topic_partition", "=", partition)
    .where("entry_offset", "<=", lastOld.entry_offset)
    .execute();
  return kept === -1 ? oldest.length : kept;
}

async function append(
  transaction: WriteTransaction,
  entries: readonly LogEntry[],
): Promise<readonly bigint[]> {
  const offsets = new Array<bigint>(entries.length).fill(0n);
  const byPartition = Map.groupBy(entries.keys(), (index) => {
    const entry = entries[index];
    return `${entry?.partition} ${entry?.topic}`;
  });
  for (const indexes of byPartition.values()) {
    const first = entries[indexes[0] ?? 0];
    if (first === undefined) continue;
    const end = await reserveOffsets(transaction, first.topic, first.partition, indexes.length);
    for (const [position, index] of indexes.entries()) {
      offsets[index] = BigInt(end - indexes.length + position);
    }
  }
  const rows = entries.map((entry, index) => ({
    topic: entry.topic,
    topic_partition: entry.partition,
    entry_offset: Number(offsets[index]),
    record_key: entry.key,
    record_value: entry.value,
    headers: JSON.stringify(entry.headers),
    timestamp_ms: entry.timestampMs,
  }));
  for (const part of inPartsByBytes(rows, (row) => row.record_value.length)) {
    await transaction.insertInto("log_entries").values(part).execute();
  }
  return offsets;
}

/** Returns the partition's new end. */
async function reserveOffsets(
  transaction: WriteTransaction,
  topic: string,
  partition: number,
  count: number,
): Promise<number> {
  const updated = await transaction
    .updateTable("log_ends")
    .set((expression) => ({ next_offset: expression("next_offset", "+", count) }))
    .where("topic", "=", topic)
    .where("topic_partition", "=", partition)
    .executeTakeFirstOrThrow();
  if (updated.numUpdatedRows === 0n) {
    const row = { topic, topic_partition: partition, next_offset: count };
    await transaction.insertInto("log_ends").values(row).execute();
    return count;
  }
  const { next_offset } = await transaction
    .selectFrom("log_ends")
    .select("next_offset")
    .where("topic", "=", topic)
    .where("topic_partition", "=", partition)
    .executeTakeFirstOrThrow();
  return next_offset;
}

async function commit(
  transaction: WriteTransaction,
  group: string,
  topic: string,
  partition: number,
  nextOffset: number,
): Promise<void> {
  const updated = await transaction
    .updateTable("log_commits")
    .set({ next_offset: nextOffset })
    .where("group_name", "=", group)
    .where("topic", "=", topic)
    .where("topic_partition", "=", partition)
    .executeTakeFirstOrThrow();
  if (updated.numUpdatedRows > 0n) return;
  await transaction
    .insertInto("log_commits")
    .values({
      group_name: group,
      topic,
      topic_partition: partition,
      next_offset: nextOffset,
    })
    .execute();
}
