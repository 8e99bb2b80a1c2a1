import { createHash, randomUUID } from "node:crypto";
import type { Database, WriteTransaction } from "../sql/database.ts";

export interface UploadedWeights {
  readonly uploadId: string;
  readonly sizeBytes: number;
  readonly chunkBytes: number;
  readonly sha256: string;
}

/** An upload without a sign of life for so long was cut off; its chunks are removed. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Stores a checkpoint chunk by chunk, each in a transaction of its own, so that plays and receipts
 * are written in between. Nothing refers to the chunks until a `models` row names the upload.
 */
export async function uploadWeights(
  database: Database,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  chunkBytes: number,
): Promise<UploadedWeights> {
  await removeAbandonedUploads(database, Date.now() - ABANDONED_AFTER_MS);
  const uploadId = randomUUID();
  await database.write((transaction) =>
    transaction
      .insertInto("model_uploads")
      .values({ id: uploadId, touched_at: Date.now() })
      .execute(),
  );
  try {
    const whole = createHash("sha256");
    let sizeBytes = 0;
    let index = 0;
    for await (const chunk of inChunks(content, chunkBytes)) {
      whole.update(chunk);
      sizeBytes += chunk.length;
      const chunkIndex = index;
      await database.write((transaction) => putChunk(transaction, uploadId, chunkIndex, chunk));
      index += 1;
    }
    return { uploadId, sizeBytes, chunkBytes, sha256: whole.digest("hex") };
  } catch (error) {
    // Best effort: on a full disk the chunks go when the next upload finds them abandoned.
    await database
      .write((transaction) => removeUpload(transaction, uploadId))
      .catch(() => undefined);
    throw error;
  }
}

/** Chunks of uploads that ended before they became a model. */
async function removeAbandonedUploads(database: Database, beforeMs: number): Promise<void> {
  const abandoned = await database.read
    .selectFrom("model_uploads")
    .leftJoin("models", "models.upload_id", "model_uploads.id")
    .select("model_uploads.id")
    .where("models.version", "is", null)
    .where("model_uploads.touched_at", "<", beforeMs)
    .execute();
  for (const { id } of abandoned) {
    await database.write((transaction) => removeUpload(transaction, id));
  }
}

async function removeUpload(transaction: WriteTransaction, uploadId: string): Promise<void> {
  await transaction.deleteFrom("model_chunks").where("upload_id", "=", uploadId).execute();
  await transaction.deleteFrom("model_uploads").where("id", "=", uploadId).execute();
}

async function putChunk(
  transaction: WriteTransaction,
  uploadId: string,
  chunkIndex: number,
  content: Uint8Array,
): Promise<void> {
  await transaction
    .insertInto("model_chunks")
    .values({
      upload_id: uploadId,
      chunk_index: chunkIndex,
      sha256: createHash("sha256").update(content).digest("hex"),
      content,
    })
    .execute();
  await transaction
    .updateTable("model_uploads")
    .set({ touched_at: Date.now() })
    .where("id", "=", uploadId)
    .execute();
}

/** Cuts a stream of pieces into chunks of exactly `size` bytes; the last one may be shorter. */
async function* inChunks(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let chunk = new Uint8Array(size);
  let filled = 0;
  for await (const piece of pieces) {
    for (let taken = 0; taken < piece.length; ) {
      const part = piece.subarray(taken, taken + size - filled);
      chunk.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < size) continue;
      yield chunk;
      chunk = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
