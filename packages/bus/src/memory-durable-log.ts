/** A DurableLog that lasts as long as the object: for tests, and for a bus that keeps nothing. */
import type { DurableLog, StoredLogEntry } from "./durable-log.ts";

export function createMemoryDurableLog(): DurableLog {
  const partitions = new Map<string, StoredLogEntry[]>();
  const committed = new Map<string, bigint>();
  const entriesOf = (topic: string, partition: number): StoredLogEntry[] => {
    const place = `${topic}/${partition}`;
    const entries = partitions.get(place) ?? [];
    partitions.set(place, entries);
    return entries;
  };
  return {
    append: async (added) =>
      added.map((entry) => {
        const entries = entriesOf(entry.topic, entry.partition);
        const offset = BigInt(entries.length);
        entries.push({ ...entry, value: new Uint8Array(entry.value), offset });
        return offset;
      }),
    read: async (topic, partition, offset, limit) =>
      entriesOf(topic, partition).slice(Number(offset), Number(offset) + limit),
    endOffset: async (topic, partition) => BigInt(entriesOf(topic, partition).length),
    committedOffset: async (group, topic, partition) =>
      committed.get(`${group}/${topic}/${partition}`),
    commit: async (group, topic, partition, nextOffset) => {
      committed.set(`${group}/${topic}/${partition}`, nextOffset);
    },
  };
}
