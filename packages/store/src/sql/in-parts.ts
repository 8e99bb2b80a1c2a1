/** So many values are bound in one statement at most, a few milliseconds of work. */
const PART_SIZE = 500;
/** A server takes statements up to a limit, 16 MiB by default, and in them bytes are written as two. */
const PART_BYTES = 4 * 1024 * 1024;

/** Cuts a list into parts that one statement takes. */
export function* inParts<T>(values: readonly T[], size: number = PART_SIZE): Generator<T[]> {
  for (let start = 0; start < values.length; start += size) {
    yield values.slice(start, start + size);
  }
}

/** The same for rows that may be large; one that is larger than a part by itself goes alone. */
export function* inPartsByBytes<T>(
  rows: readonly T[],
  bytesOf: (row: T) => number,
): Generator<T[]> {
  let part: T[] = [];
  let partBytes = 0;
  for (const row of rows) {
    const bytes = bytesOf(row);
    if (part.length === PART_SIZE || (part.length > 0 && partBytes + bytes > PART_BYTES)) {
      yield part;
      part = [];
      partBytes = 0;
    }
    part.push(row);
    partBytes += bytes;
  }
  if (part.length > 0) yield part;
}
