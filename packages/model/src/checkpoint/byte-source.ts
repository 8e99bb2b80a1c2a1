/**
 * Random access to a checkpoint's bytes: a file, or the chunks of the model registry. A compute
 * node reads the header and then only the ranges of its own layers.
 */
import { type FileHandle, open } from "node:fs/promises";

import { AppError, invariant } from "@segue/errors";

export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `offset`; throws MODEL_CHECKSUM_MISMATCH for damaged ones. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over memory; what it reads are views. */
export function byteSourceOfBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read(offset, length) {
      invariant(offset + length <= bytes.byteLength, "reads stay within the source");
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}

/** A source over a file, opened anew for each read: a source has no life to end. */
export async function byteSourceOfFile(path: string): Promise<ByteSource> {
  const { size } = await withFile(path, (file) => file.stat());
  return {
    size,
    read: (offset, length) => withFile(path, (file) => readExactly(file, path, offset, length)),
  };
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (cause) {
    throw new AppError("MODEL_INVALID", `Cannot open the model file ${path}; check the path`, {
      cause,
    });
  }
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function readExactly(
  file: FileHandle,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) {
      throw new AppError(
        "MODEL_INVALID",
        `${path} ends at byte ${offset + filled}, before the ${length} bytes from ${offset} that were asked for; copy the file again`,
      );
    }
    filled += bytesRead;
  }
  return bytes;
}
