/**
 * The last answers that any API server gave, read from the topic of receipts without a group, so
 * that each server sees all of them from its start on.
 */
import type { Bus, Subscription } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import type { Receipt } from "@segue/domain";
import { AppError } from "@segue/errors";
import { decodeReceiptRecord, readReceiptRecord } from "../recommendation/answer.ts";

/** So many are kept. */
const KEPT_MAX = 50;

export interface RecentRequestsOptions {
  readonly bus: Pick<Bus, "partitionCount" | "read">;
  /** Told when a user is erased, by whichever server; more than once. */
  readonly onErasure: (user: string) => void;
}

export class RecentRequests {
  /** By request id, the oldest first; undecoded, as most are never looked at. */
  readonly #records = new Map<string, Uint8Array>();
  #subscription: Subscription | undefined;

  static async open({ bus, onErasure }: RecentRequestsOptions): Promise<RecentRequests> {
    const recent = new RecentRequests();
    const partitionCount = await bus.partitionCount(TOPICS.receipts);
    recent.#subscription = await bus.read({
      topic: TOPICS.receipts,
      partitions: Array.from({ length: partitionCount }, (_, partition) => partition),
      from: "latest",
      handler: async ({ key, value }) => {
        const erasedUser = erasedUserIn(value);
        if (erasedUser === undefined) recent.#add(key, value);
        else {
          recent.#forget(erasedUser);
          onErasure(erasedUser);
        }
        await Promise.resolve();
      },
    });
    return recent;
  }

  /** The newest first. */
  receipts(): readonly Receipt[] {
    const receipts = [...this.#records.values()].flatMap(readableReceipt);
    return receipts.toSorted((left, right) => right.createdAtMs - left.createdAtMs);
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  #forget(user: string): void {
    for (const [requestId, record] of this.#records) {
      if (readableReceipt(record)[0]?.user === user) this.#records.delete(requestId);
    }
  }

  #add(requestId: string, record: Uint8Array): void {
    this.#records.delete(requestId);
    this.#records.set(requestId, record);
    if (this.#records.size <= KEPT_MAX) return;
    const [oldest = requestId] = this.#records.keys();
    this.#records.delete(oldest);
  }
}

/** Receipts are many and begin with their own field, so they are not decoded for this. */
function erasedUserIn(record: Uint8Array): string | undefined {
  if (record[0] === RECEIPT_TAG) return undefined;
  try {
    const read = readReceiptRecord(record);
    return "erasedAtMs" in read ? read.user : undefined;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "MESSAGE_UNREADABLE") return undefined;
    throw thrown;
  }
}

/** Field 1 of a ReceiptRecord, a message. */
const RECEIPT_TAG = 0x0a;

/** What cannot be read is the archive's affair, which sends it to the dead letters. */
function readableReceipt(record: Uint8Array): Receipt[] {
  try {
    return [decodeReceiptRecord(record).receipt];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "MESSAGE_UNREADABLE") return [];
    throw thrown;
  }
}
