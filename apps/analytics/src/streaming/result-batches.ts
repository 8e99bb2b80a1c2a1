/** Ranges of result entries that fit one message each, with room below the 1 MiB that we promise. */
const BYTES_MAX = 900 * 1024;

/** An UTF-16 code unit takes at most three bytes of UTF-8; numbers and tags the rest. */
const BYTES_PER_CODE_UNIT = 3;
const BYTES_PER_ENTRY = 40;

export interface EntryRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly isLast: boolean;
}

/**
 * At least one range, so that there is a last message even without entries.
 * @param columns the strings of each entry, all of one length
 */
export function* resultBatches(...columns: readonly (readonly string[])[]): Generator<EntryRange> {
  const count = columns[0]?.length ?? 0;
  let from = 0;
  let bytes = 0;
  for (let entry = 0; entry < count; entry++) {
    let size = BYTES_PER_ENTRY;
    for (const column of columns) size += BYTES_PER_CODE_UNIT * (column[entry]?.length ?? 0);
    if (bytes + size > BYTES_MAX && entry > from) {
      yield { from, to: entry, isLast: false };
      from = entry;
      bytes = 0;
    }
    bytes += size;
  }
  yield { from, to: count, isLast: true };
}

/** Whole numbers as protobuf has its 64-bit ones. */
export function toBigInts(values: Float64Array | readonly number[]): bigint[] {
  return Array.from(values, BigInt);
}
