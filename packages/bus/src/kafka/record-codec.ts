/** Our messages as Kafka's records, and back. */
import type { MessageRecord, RecordsBatch } from "@platformatic/kafka";
import type { BusMessage, BusRecord, TopicKind } from "../bus.ts";

const CONTROL_BATCH = 0x20;
const APPEND_TIME = 0x08;
const NOTHING = Buffer.alloc(0);

export type OutgoingRecord = MessageRecord & { readonly partition: number };

/** A snapshot: the sender may use its buffer again at once. */
export function toKafkaRecord(
  topic: string,
  partition: number,
  kind: TopicKind,
  message: BusMessage,
): OutgoingRecord {
  const headers = Object.entries(message.headers ?? {});
  // Brokers forget a key in a compacted topic for a null value, not for an empty one.
  const isTombstone = kind === "compacted" && message.value.length === 0;
  const value = isTombstone ? (null as unknown as Buffer) : Buffer.from(message.value);
  return {
    topic,
    partition,
    key: Buffer.from(message.key),
    value,
    headers: new Map(headers.map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
  };
}

/** Bytes of the message as it counts for the limits. */
export function sizeOf(message: BusMessage): number {
  let bytes = message.value.length + Buffer.byteLength(message.key);
  for (const [name, text] of Object.entries(message.headers ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  return bytes;
}

/** The batch's records from `fromOffset` on. */
export function toBusRecords(
  topic: string,
  partition: number,
  batch: RecordsBatch,
  fromOffset: bigint,
): BusRecord[] {
  if ((batch.attributes & CONTROL_BATCH) !== 0) return [];
  const hasAppendTime = (batch.attributes & APPEND_TIME) !== 0;
  const records: BusRecord[] = [];
  for (const record of batch.records) {
    const offset = batch.firstOffset + BigInt(record.offsetDelta);
    if (offset < fromOffset) continue;
    const timestamp = hasAppendTime
      ? batch.maxTimestamp
      : batch.firstTimestamp + record.timestampDelta;
    records.push({
      topic,
      partition,
      offset,
      key: (record.key ?? NOTHING).toString(),
      value: record.value ?? NOTHING,
      headers: toHeaders(record.headers),
      timestampMs: Number(timestamp),
    });
  }
  return records;
}

export function nextOffsetBehind(batch: RecordsBatch): bigint {
  return batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
}

function toHeaders(
  entries: RecordsBatch["records"][number]["headers"],
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, text] of entries) {
    if (name !== null) headers[name.toString()] = (text ?? NOTHING).toString();
  }
  return Object.freeze(headers);
}
