import type { CodeCountColumns } from "./code-counts.ts";
import { StringCoder } from "./string-coder.ts";

/** Every genre, most played first; ties fall to the one that appeared first. "" is a genre too. */
export interface GenreCounts {
  readonly genres: readonly string[];
  readonly counts: readonly number[];
}

export function genreCountsFrom(
  columns: CodeCountColumns,
  dictionary: readonly string[],
): GenreCounts {
  const coder = new StringCoder();
  const found: { genre: string; count: number; firstRow: number }[] = [];
  for (const [code, genre] of dictionary.entries()) {
    const count = columns.counts[code] ?? 0;
    const firstRow = columns.firstRows[code] ?? Number.POSITIVE_INFINITY;
    if (count === 0) continue;
    const known = found[coder.codeFor(genre)];
    if (known === undefined) {
      found.push({ genre, count, firstRow });
    } else {
      known.count += count;
      known.firstRow = Math.min(known.firstRow, firstRow);
    }
  }
  found.sort((left, right) => right.count - left.count || left.firstRow - right.firstRow);
  return { genres: found.map(({ genre }) => genre), counts: found.map(({ count }) => count) };
}
