/** The shuffle of MapReduce: every pair has one partition, wherever it was counted. */
import { type PairCountColumns, pairHash } from "./pair-counts.ts";

/** The high bits, because the table of PairCounts probes by the low ones. */
function partitionOf(left: number, right: number, partitionCount: number): number {
  return Math.floor(((pairHash(left, right) >>> 0) * partitionCount) / 2 ** 32);
}

/** The entries of each partition, in memory of their own. */
export function splitPairs(columns: PairCountColumns, partitionCount: number): PairCountColumns[] {
  const partitions = new Uint16Array(columns.lefts.length);
  const sizes = new Uint32Array(partitionCount);
  for (let entry = 0; entry < partitions.length; entry++) {
    const left = columns.lefts[entry] ?? 0;
    const partition = partitionOf(left, columns.rights[entry] ?? 0, partitionCount);
    partitions[entry] = partition;
    sizes[partition] = (sizes[partition] ?? 0) + 1;
  }
  return Array.from(sizes, (size, partition) => {
    const part = emptyColumns(size, columns.amounts.length > 0);
    let at = 0;
    for (let entry = 0; entry < partitions.length; entry++) {
      if (partitions[entry] !== partition) continue;
      copyEntry(columns, entry, part, at);
      at += 1;
    }
    return part;
  });
}

/** The entries of all parts, which have no pair in common. */
export function joinPairs(parts: readonly PairCountColumns[]): PairCountColumns {
  const size = parts.reduce((sum, { lefts }) => sum + lefts.length, 0);
  const joined = emptyColumns(
    size,
    parts.some(({ amounts }) => amounts.length > 0),
  );
  let at = 0;
  for (const part of parts) {
    joined.lefts.set(part.lefts, at);
    joined.rights.set(part.rights, at);
    joined.counts.set(part.counts, at);
    joined.firstRows.set(part.firstRows, at);
    // Without amounts there is no room at this offset, not even for none.
    if (part.amounts.length > 0) joined.amounts.set(part.amounts, at);
    at += part.lefts.length;
  }
  return joined;
}

function emptyColumns(size: number, hasAmounts: boolean): PairCountColumns {
  return {
    lefts: new Uint32Array(size),
    rights: new Uint32Array(size),
    counts: new Float64Array(size),
    firstRows: new Float64Array(size),
    amounts: new Float64Array(hasAmounts ? size : 0),
  };
}

function copyEntry(from: PairCountColumns, entry: number, to: PairCountColumns, at: number): void {
  to.lefts[at] = from.lefts[entry] ?? 0;
  to.rights[at] = from.rights[entry] ?? 0;
  to.counts[at] = from.counts[entry] ?? 0;
  to.firstRows[at] = from.firstRows[entry] ?? 0;
  if (to.amounts.length > 0) to.amounts[at] = from.amounts[entry] ?? 0;
}
