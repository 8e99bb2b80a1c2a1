/** Where the replies to this process arrive: its own partition, read without a group. */
import type { Bus, BusRecord, Subscription } from "@segue/bus";
import {
  fromBinary,
  partitionsOf,
  type RecommendReply,
  RecommendReplySchema,
  TOPICS,
} from "@segue/contracts";
import { AppError } from "@segue/errors";

export interface ReplyInboxOptions {
  readonly bus: Bus;
  /** The ordinal of this API server; no two living ones may share it. */
  readonly instance: number;
}

interface Waiter {
  readonly resolve: (reply: RecommendReply) => void;
  readonly timer: NodeJS.Timeout;
}

export class ReplyInbox {
  readonly address: { readonly topic: string; readonly partition: number };
  readonly #waiters = new Map<string, Waiter>();
  #subscription: Subscription | undefined;

  private constructor(partition: number) {
    this.address = { topic: TOPICS.replies, partition };
  }

  static async open({ bus, instance }: ReplyInboxOptions): Promise<ReplyInbox> {
    const [partition = 0] = partitionsOf(instance);
    const inbox = new ReplyInbox(partition);
    inbox.#subscription = await bus.read({
      topic: TOPICS.replies,
      partitions: [partition],
      from: "latest",
      handler: (record) => inbox.#onReply(record),
    });
    return inbox;
  }

  /** Runs `send` and resolves with the first reply; rejects with what `send` threw, or DEADLINE_EXCEEDED. */
  async ask(
    requestId: string,
    timeoutMs: number,
    send: () => Promise<void>,
  ): Promise<RecommendReply> {
    const { promise, resolve, reject } = Promise.withResolvers<RecommendReply>();
    const timer = setTimeout(() => {
      const message = `No dispatcher answered within ${Math.round(timeoutMs)} ms`;
      reject(new AppError("DEADLINE_EXCEEDED", message));
    }, timeoutMs);
    this.#waiters.set(requestId, { resolve, timer });
    // Not awaited: a bus that hangs must not outlast the deadline.
    void send().catch(reject);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(requestId);
    }
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  /** A reply that nobody waits for came twice or too late, which is no error. */
  async #onReply(record: BusRecord): Promise<void> {
    const waiter = this.#waiters.get(record.key);
    if (waiter !== undefined) waiter.resolve(decodeReply(record.value));
    await Promise.resolve();
  }
}

function decodeReply(bytes: Uint8Array): RecommendReply {
  try {
    return fromBinary(RecommendReplySchema, bytes);
  } catch (cause) {
    throw new AppError("MESSAGE_UNREADABLE", "These bytes are no reply", { cause });
  }
}
