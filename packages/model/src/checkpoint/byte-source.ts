/**
 * Random access to a checkpoint's bytes: a file, or the chunks of the model registry. A compute
 * node reads the header and then only the ranges of its own layers.
 */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `offset`; throws MODEL_CHECKSUM_MISMATCH for damaged ones. */
  read(offset: number, length: number): Promise<Uint8Array>;
}
