// Enough pairs that the table grows many times; against a Map.
import { seededRandom } from "@segue/testkit";
import { describe, expect, test } from "vitest";
import { type PairCountColumns, PairCounts, pairHash } from "./pair-counts.ts";

const ROWS = 50_000;

/** Codes up to the largest, so that both halves of a pair are told apart. */
function generatedRows() {
  const random = seededRandom(20_261_122);
  const code = (variety: number) => {
    const value = random.between(0, variety);
    return value % 3 === 0 ? 0xffff_ffff - value : value;
  };
  const lefts = Uint32Array.from({ length: ROWS }, () => code(200));
  const rights = Uint32Array.from({ length: ROWS }, () => code(150));
  const amounts = Int32Array.from({ length: ROWS }, () => random.between(0, 600));
  return { lefts, rights, amounts };
}

function countedByMap({ lefts, rights, amounts }: ReturnType<typeof generatedRows>) {
  const entries = new Map<string, [count: number, firstRow: number, amount: number]>();
  for (let row = 0; row < ROWS; row++) {
    const pair = `${lefts[row]},${rights[row]}`;
    const entry = entries.get(pair) ?? [0, row, 0];
    entries.set(pair, [entry[0] + 1, entry[1], entry[2] + (amounts[row] ?? 0)]);
  }
  return entries;
}

function byPair({ lefts, rights, counts, firstRows, amounts }: PairCountColumns) {
  return new Map(
    Array.from(lefts, (left, at) => [
      `${left},${rights[at]}`,
      [counts[at], firstRows[at], amounts[at]],
    ]),
  );
}

describe("pair counts", () => {
  test("are what a map of pairs counts, in one table or in several that are merged", () => {
    const rows = generatedRows();
    const expected = countedByMap(rows);
    const whole = new PairCounts({ hasAmounts: true });
    const tables = Array.from({ length: 3 }, () => new PairCounts({ hasAmounts: true }));
    for (let from = 0; from < ROWS; from += 777) {
      const part = [from, from + 777] as const;
      for (const table of [whole, tables[from % 3]]) {
        table?.add(
          rows.lefts.subarray(...part),
          rows.rights.subarray(...part),
          from,
          rows.amounts.subarray(...part),
        );
      }
    }
    expect(whole.size).toBe(expected.size);
    expect(byPair(whole.columns())).toEqual(expected);
    const merged = new PairCounts({ hasAmounts: true });
    for (const table of tables.toReversed()) merged.merge(table.columns());
    expect(byPair(merged.columns())).toEqual(expected);
  });

  test("tell pairs of one hash apart", () => {
    expect(pairHash(1, 2)).toBe(pairHash(3, 3_994_716_008));
    const counts = new PairCounts({ hasAmounts: false });
    counts.add(Uint32Array.of(1, 3, 1), Uint32Array.of(2, 3_994_716_008, 2), 0);
    expect([...counts.columns().counts]).toEqual([2, 1]);
  });

  test("have no amounts where none are summed", () => {
    const counts = new PairCounts({ hasAmounts: false });
    counts.add(Uint32Array.of(1, 1), Uint32Array.of(2, 2), 5);
    expect(counts.columns()).toEqual({
      lefts: Uint32Array.of(1),
      rights: Uint32Array.of(2),
      counts: Float64Array.of(2),
      firstRows: Float64Array.of(5),
      amounts: new Float64Array(0),
    });
  });
});
