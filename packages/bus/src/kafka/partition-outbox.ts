/** What waits to be sent to one partition, and the batch that is on its way there. */
import type { MessageRecord } from "@platformatic/kafka";

export interface OutgoingMessage {
  readonly record: MessageRecord;
  readonly bytes: number;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  /** Called once: without an error when the broker has accepted the message. */
  readonly settle: (error?: Error) => void;
}

/** A batch is sent again as it was: messages that came meanwhile stay behind it. */
export interface Batch {
  readonly messages: readonly OutgoingMessage[];
  readonly bytes: number;
}

/** Below the smallest `max.message.bytes` in use, which limits whole batches. */
const BATCH_BYTES_MAX = 1_000_000;
const BATCH_MESSAGES_MAX = 2_000;

export class PartitionOutbox {
  readonly topic: string;
  readonly partition: number;
  #waiting: OutgoingMessage[] = [];
  #batch: Batch | undefined;
  #isUnderWay = false;
  #notBeforeMs = 0;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#batch === undefined;
  }

  isReady(nowMs: number): boolean {
    return !this.#isUnderWay && !this.isEmpty && nowMs >= this.#notBeforeMs;
  }

  add(message: OutgoingMessage): void {
    this.#waiting.push(message);
  }

  /** The batch to send now: the one that failed, or the next. Ask `isReady` first. */
  take(): Batch {
    this.#batch ??= this.#cut();
    this.#isUnderWay = true;
    return this.#batch;
  }

  /** The broker has it, or never will. */
  finish(error?: Error): void {
    const messages = this.#batch?.messages ?? [];
    this.#batch = undefined;
    this.#isUnderWay = false;
    for (const message of messages) message.settle(error);
  }

  /** It is to be sent again, not before this time. */
  postpone(notBeforeMs: number): void {
    this.#isUnderWay = false;
    this.#notBeforeMs = notBeforeMs;
  }

  /** Settles what has waited too long, for its turn or for an answer. */
  expire(nowMs: number, errorFor: () => Error): void {
    const isLate = ({ deadlineMs }: OutgoingMessage) => deadlineMs <= nowMs;
    const late = this.#waiting.filter(isLate);
    if (late.length > 0) this.#waiting = this.#waiting.filter((message) => !isLate(message));
    const batch = this.#batch;
    if (batch?.messages.every(isLate) === true) {
      late.unshift(...batch.messages);
      if (!this.#isUnderWay) this.#batch = undefined;
    }
    for (const message of late) message.settle(errorFor());
  }

  #cut(): Batch {
    let bytes = 0;
    let count = 0;
    for (const message of this.#waiting) {
      if (count > 0 && bytes + message.bytes > BATCH_BYTES_MAX) break;
      if (count === BATCH_MESSAGES_MAX) break;
      bytes += message.bytes;
      count += 1;
    }
    return { messages: this.#waiting.splice(0, count), bytes };
  }
}
