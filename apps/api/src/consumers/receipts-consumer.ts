/** Writes receipts to the database, deletes those of erased users and those older than 30 days. */
import type { Bus } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import { toAppError } from "@segue/errors";
import { RECEIPT_AGE_MS_MAX } from "@segue/store";
import type { Logger } from "@segue/telemetry";
import type { ReceiptArchive, UserArchive } from "../ports.ts";
import { readReceiptRecord } from "../recommendation/answer.ts";
import type { StoreAccess } from "../store-access/store-access.ts";
import { ERASURE_DELIVERIES_MAX, ErasureOrder } from "./erasure-order.ts";
import { assertOwned, rememberWhileOwned } from "./partition-ownership.ts";

export interface ReceiptsConsumerOptions {
  readonly bus: Bus;
  readonly receipts: Pick<ReceiptArchive, "putReceipts" | "deleteReceiptsBefore">;
  readonly users: Pick<UserArchive, "eraseReceiptsOf">;
  readonly access: Pick<StoreAccess, "write">;
  readonly logger: Logger;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** Writes that wait together share one wait for the disk, so several at once are cheaper. */
const CONCURRENCY = 32;
/** Nobody waits for a receipt in the archive: who asks for it looks again for a second. */
const GATHER_MS = 250;
const PURGE_INTERVAL_MS = 60 * 60 * 1000;
const PURGED_AT_ONCE = 1_000;

export async function startReceiptsConsumer(
  options: ReceiptsConsumerOptions,
): Promise<{ close(): Promise<void> }> {
  const { bus, receipts, users, access, logger } = options;
  const erasuresIn = rememberWhileOwned(() => new ErasureOrder());
  /** When users were erased: a receipt that a server still gathered then comes behind the erasure. */
  const erasedAtMs = new Map<string, number>();
  const subscription = await bus.subscribe({
    group: "receipts-to-store",
    topics: [TOPICS.receipts],
    concurrency: CONCURRENCY,
    gatherMs: GATHER_MS,
    deliveriesMax: ERASURE_DELIVERIES_MAX,
    handler: async ({ partition, offset, value }, signal) => {
      const record = readReceiptRecord(value);
      if ("erasedAtMs" in record) {
        const erase = async () => {
          assertOwned(signal);
          await users.eraseReceiptsOf(record.user, { partition, offset });
        };
        erasedAtMs.set(record.user, record.erasedAtMs);
        await erasuresIn(signal).erase(record.user, offset, () => access.write(erase));
        return;
      }
      const { requestId, user, createdAtMs } = record.receipt;
      if (createdAtMs < (erasedAtMs.get(user) ?? 0)) return;
      const owner = user === "" ? null : user;
      const receipt = { requestId, user: owner, createdAtMs, body: value };
      const put = () =>
        access.write(() => {
          assertOwned(signal);
          return receipts.putReceipts([receipt]);
        });
      await (owner === null ? put() : erasuresIn(signal).write(owner, offset, put));
    },
  });
  const purge = () => {
    deleteOld(options).catch((error: unknown) => {
      logger.warn({ err: toAppError(error) }, "receipts.purge.failed");
    });
  };
  purge();
  const timer = setInterval(() => {
    erasedAtMs.clear();
    purge();
  }, PURGE_INTERVAL_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await subscription.close();
    },
  };
}

async function deleteOld({ receipts, logger, now }: ReceiptsConsumerOptions): Promise<void> {
  let total = 0;
  for (let deleted = PURGED_AT_ONCE; deleted === PURGED_AT_ONCE; total += deleted) {
    deleted = await receipts.deleteReceiptsBefore(now() - RECEIPT_AGE_MS_MAX, PURGED_AT_ONCE);
  }
  if (total > 0) logger.info({ deleted: total }, "receipts.purged");
}
