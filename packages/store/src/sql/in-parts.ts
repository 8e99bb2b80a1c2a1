/** So many values are bound in one statement at most, a few milliseconds of work. */
const PART_SIZE = 500;

/** Cuts a list into parts that one statement takes. */
export function* inParts<T>(values: readonly T[], size: number = PART_SIZE): Generator<T[]> {
  for (let start = 0; start < values.length; start += size) {
    yield values.slice(start, start + size);
  }
}
