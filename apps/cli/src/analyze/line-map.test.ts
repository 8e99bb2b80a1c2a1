import { describe, expect, it } from "vitest";
import { LineMap } from "./line-map.ts";

describe("LineMap", () => {
  it("finds the line of a row where lines are left out and files follow each other", () => {
    const lines = new LineMap();
    const places: [string, number][] = [
      ["a.csv", 2],
      ["a.csv", 3],
      ["a.csv", 7],
      ["b.csv", 2],
      ["b.csv", 3],
    ];
    for (const [row, [file, line]] of places.entries()) lines.add(row, file, Float64Array.of(line));
    for (const [row, [file, line]] of places.entries()) {
      expect(lines.placeOf(row)).toEqual({ file, line });
    }
  });

  it("finds the lines of rows that come together, with gaps and without", () => {
    const lines = new LineMap();
    lines.add(0, "a.csv", Float64Array.of(2, 3, 4));
    lines.add(3, "a.csv", Float64Array.of(5, 7, 8, 12));
    lines.add(7, "a.csv", Float64Array.of(13, 14));
    const found = Array.from({ length: 9 }, (_, row) => lines.placeOf(row)?.line);
    expect(found).toEqual([2, 3, 4, 5, 7, 8, 12, 13, 14]);
  });

  it("finds the line of a row within its batch", () => {
    const lines = new LineMap();
    for (let row = 0; row < 10; row++) lines.add(row, "a.csv", Float64Array.of(row + 2));
    lines.startBatch(0);
    lines.startBatch(6);
    expect(lines.placeInBatch(1, 3)).toEqual({ file: "a.csv", line: 11 });
    expect(lines.placeInBatch(2, 0)).toBeUndefined();
  });

  it("says nothing of rows beyond what it keeps", () => {
    const lines = new LineMap();
    for (let row = 0; row < 100_010; row++) lines.add(row, "a.csv", Float64Array.of(row * 2));
    expect(lines.placeOf(5000)).toEqual({ file: "a.csv", line: 10_000 });
    expect(lines.placeOf(100_005)).toBeUndefined();
  });
});
