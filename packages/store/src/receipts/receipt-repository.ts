import type { Database, WriteTransaction } from "../sql/database.ts";
import { inParts, inPartsByBytes } from "../sql/in-parts.ts";
import { shareWrites } from "../sql/share-writes.ts";

/** Receipts are kept so long. */
export const RECEIPT_AGE_MS_MAX = 30 * 24 * 60 * 60 * 1000;

export interface StoredReceipt {
  readonly requestId: string;
  readonly user: string | null;
  readonly createdAtMs: number;
  /** The receipt's message as it came; the store does not look inside. */
  readonly body: Uint8Array;
}

export interface ReceiptRepository {
  /** Stores all or none; a receipt that is there already is replaced. */
  putReceipts(receipts: readonly StoredReceipt[]): Promise<void>;
  findReceipt(requestId: string): Promise<StoredReceipt | undefined>;
  /** Deletes the receipts made before then and returns their number; at most `limit` at once. */
  deleteReceiptsBefore(timeMs: number, limit?: number): Promise<number>;
}

const DELETED_AT_ONCE_MAX = 1_000;

export function createReceiptRepository(database: Database): ReceiptRepository {
  const putShared = shareWrites(database, put);
  return {
    async putReceipts(receipts) {
      await putShared(receipts);
    },
    async findReceipt(requestId) {
      const row = await database.read
        .selectFrom("receipts")
        .selectAll()
        .where("request_id", "=", requestId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        requestId: row.request_id,
        user: row.user_name,
        createdAtMs: row.created_at,
        body: row.body,
      };
    },
    deleteReceiptsBefore: (timeMs, limit = DELETED_AT_ONCE_MAX) =>
      database.write((transaction) => deleteBefore(transaction, timeMs, limit)),
  };
}

/** Returns the request ids of those that there were. */
export async function deleteReceiptsOf(
  transaction: WriteTransaction,
  user: string,
): Promise<readonly string[]> {
  const rows = await transaction
    .selectFrom("receipts")
    .select("request_id")
    .where("user_name", "=", user)
    .execute();
  await transaction.deleteFrom("receipts").where("user_name", "=", user).execute();
  return rows.map((row) => row.request_id);
}

/** Returns the request ids of the receipts. */
async function put(
  transaction: WriteTransaction,
  receipts: readonly StoredReceipt[],
): Promise<readonly string[]> {
  const newest = new Map(receipts.map((receipt) => [receipt.requestId, receipt]));
  for (const part of inPartsByBytes([...newest.values()], ({ body }) => body.length)) {
    const ids = part.map((receipt) => receipt.requestId);
    await transaction.deleteFrom("receipts").where("request_id", "in", ids).execute();
    const rows = part.map((receipt) => ({
      request_id: receipt.requestId,
      user_name: receipt.user,
      created_at: receipt.createdAtMs,
      body: receipt.body,
    }));
    await transaction.insertInto("receipts").values(rows).execute();
  }
  return receipts.map((receipt) => receipt.requestId);
}

async function deleteBefore(
  transaction: WriteTransaction,
  timeMs: number,
  limit: number,
): Promise<number> {
  const rows = await transaction
    .selectFrom("receipts")
    .select("request_id")
    .where("created_at", "<", timeMs)
    .orderBy("created_at")
    .limit(limit)
    .execute();
  for (const part of inParts(rows.map((row) => row.request_id))) {
    await transaction.deleteFrom("receipts").where("request_id", "in", part).execute();
  }
  return rows.length;
}
