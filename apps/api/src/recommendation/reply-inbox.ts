/** Where the replies to this process arrive: its own partitions, read without a group. */
import type { Bus, BusRecord, Subscription } from "@segue/bus";
import {
  fromBinary,
  partitionsOf,
  type RecommendReply,
  RecommendReplySchema,
  TOPICS,
} from "@segue/contracts";
import type { Address } from "@segue/domain";
import { AppError } from "@segue/errors";

export interface ReplyInboxOptions {
  readonly bus: Pick<Bus, "read">;
  /** The ordinal of this API server; no two living ones may share it. */
  readonly instance: number;
}

export interface ExpectedReply {
  /** The first one; later ones are dropped. */
  readonly reply: Promise<RecommendReply>;
  /** Nobody waits any more. */
  forget(): void;
}

export class ReplyInbox {
  readonly addresses: readonly Address[];
  readonly #waiters = new Map<string, (reply: RecommendReply) => void>();
  #subscription: Subscription | undefined;

  private constructor(partitions: readonly number[]) {
    this.addresses = partitions.map((partition) => ({ topic: TOPICS.replies, partition }));
  }

  static async open({ bus, instance }: ReplyInboxOptions): Promise<ReplyInbox> {
    const partitions = partitionsOf(instance);
    const inbox = new ReplyInbox(partitions);
    inbox.#subscription = await bus.read({
      topic: TOPICS.replies,
      partitions,
      from: "latest",
      handler: (record) => inbox.#onReply(record),
    });
    return inbox;
  }

  expect(requestId: string): ExpectedReply {
    const { promise, resolve } = Promise.withResolvers<RecommendReply>();
    this.#waiters.set(requestId, resolve);
    return { reply: promise, forget: () => this.#waiters.delete(requestId) };
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  /** A reply that nobody waits for came twice or too late, which is no error. */
  async #onReply(record: BusRecord): Promise<void> {
    const resolve = this.#waiters.get(record.key);
    if (resolve !== undefined) resolve(decodeReply(record.value));
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
