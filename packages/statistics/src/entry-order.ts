/** Orders of entries of columns, as entry numbers. */

/**
 * Entries by their first row. Equal first rows, which honest row numbers never have, fall to the
 * smaller entry number.
 */
export function byFirstRow(entries: Uint32Array, firstRows: ArrayLike<number>): Uint32Array {
  const rowOf = (entry: number) => firstRows[entry] ?? 0;
  const isInOrder = entries.every(
    (entry, at) => at === 0 || rowOf(entries[at - 1] ?? 0) <= rowOf(entry),
  );
  return isInOrder
    ? entries
    : entries.toSorted((left, right) => rowOf(left) - rowOf(right) || left - right);
}

/** 0 to count - 1. */
export function allEntries(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, entry) => entry);
}

/**
 * The first `limit` of `count` entries, most of `values` first; ties as `compareTied` says, the
 * smaller entry number without it.
 */
export function mostOf(
  values: ArrayLike<number>,
  limit: number,
  compareTied: (left: number, right: number) => number = (left, right) => left - right,
): number[] {
  const compare = (left: number, right: number) =>
    (values[right] ?? 0) - (values[left] ?? 0) || compareTied(left, right);
  const best: number[] = [];
  for (let entry = 0; entry < values.length; entry++) {
    const last = best.at(-1);
    if (best.length === limit && last !== undefined && compare(last, entry) <= 0) continue;
    best.push(entry);
    best.sort(compare);
    if (best.length > limit) best.pop();
  }
  return best;
}
