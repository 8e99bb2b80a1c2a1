/** Turns a record that no handler could take into the message that goes to `dead.v1`. */
import { create, DeadLetterSchema, HEADERS, TOPICS, toBinary } from "@segue/contracts";
import type { AppError } from "@segue/errors";
import type { BusMessage, BusRecord, TopicSpec } from "./bus.ts";

/** Every bus has it, whoever else creates topics. */
export const DEAD_LETTER_TOPIC: TopicSpec = { name: TOPICS.dead, kind: "durable", partitions: 1 };

export interface Burial {
  readonly record: BusRecord;
  /** Empty for a reader of fixed partitions. */
  readonly group: string;
  readonly error: AppError;
  readonly deliveries: number;
  readonly diedAtMs: number;
}

/** The letter must itself fit into a message, whatever the record's size was. */
const VALUE_BYTES_MAX = 900_000;

/** The letter holds the whole value, or the first 900,000 bytes of a longer one. */
export function toDeadLetter(burial: Burial): BusMessage {
  const { record, error } = burial;
  const letter = create(DeadLetterSchema, {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    group: burial.group,
    key: record.key,
    headers: { ...record.headers },
    value: record.value.subarray(0, VALUE_BYTES_MAX),
    failure: {
      code: error.code,
      message: error.message,
      detailsJson: JSON.stringify(error.details),
    },
    deliveries: burial.deliveries,
    diedAtMs: burial.diedAtMs,
  });
  const requestId = record.headers[HEADERS.requestId];
  return {
    key: record.key,
    value: toBinary(DeadLetterSchema, letter),
    // The life stays behind: a dead letter is worth reading at any time.
    headers: requestId === undefined ? {} : { [HEADERS.requestId]: requestId },
  };
}
