import { createHash } from "node:crypto";
import { AppError, invariant } from "@segue/errors";
import type { ReadConnection } from "../sql/database.ts";
import type { ModelTable } from "../sql/tables.ts";

/** Random access to bytes; has the shape of the `ByteSource` that checkpoints are read from. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `offset`; throws MODEL_CHECKSUM_MISMATCH for damaged ones. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Reads whole chunks and checks each; keeps the last one, as reads usually go forward. */
export function createChunkSource(connection: ReadConnection, model: ModelTable): ByteSource {
  let last: { index: number; content: Uint8Array } | undefined;
  const chunkAt = async (index: number): Promise<Uint8Array> => {
    if (last?.index === index) return last.content;
    const content = await readChunk(connection, model, index);
    last = { index, content };
    return content;
  };
  return {
    size: model.size_bytes,
    async read(offset, length) {
      invariant(
        offset >= 0 && length >= 0 && offset + length <= model.size_bytes,
        `bytes ${offset} to ${offset + length} lie within the ${model.size_bytes} of ${model.version}`,
      );
      const bytes = new Uint8Array(length);
      for (let filled = 0; filled < length; ) {
        const position = offset + filled;
        const index = Math.floor(position / model.chunk_bytes);
        const start = position - index * model.chunk_bytes;
        const part = (await chunkAt(index)).subarray(start, start + length - filled);
        bytes.set(part, filled);
        filled += part.length;
      }
      return bytes;
    },
  };
}

async function readChunk(
  connection: ReadConnection,
  model: ModelTable,
  index: number,
): Promise<Uint8Array> {
  const row = await connection
    .selectFrom("model_chunks")
    .select(["sha256", "content"])
    .where("upload_id", "=", model.upload_id)
    .where("chunk_index", "=", index)
    .executeTakeFirst();
  const start = index * model.chunk_bytes;
  const expectedLength = Math.min(model.chunk_bytes, model.size_bytes - start);
  const isWhole =
    row?.content.length === expectedLength &&
    createHash("sha256").update(row.content).digest("hex") === row.sha256;
  if (isWhole) return row.content;
  throw new AppError(
    "MODEL_CHECKSUM_MISMATCH",
    `Chunk ${index} of model ${model.version} is ${row === undefined ? "missing" : "damaged"}; register the model again from its file under another version and promote that.`,
    { details: { version: model.version, chunk: index } },
  );
}
