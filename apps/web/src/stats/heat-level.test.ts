import { describe, expect, it } from "vitest";
import { busiestCell, HEAT_LEVELS, heatLevel, playsByHour, steppedCell } from "./heat-level.ts";

function heatmapWith(cells: readonly (readonly [number, number, number])[]): number[][] {
  const rows = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const [weekday, hour, plays] of cells) rows[weekday]?.splice(hour, 1, plays);
  return rows;
}

describe("the heatmap", () => {
  it("leaves silence blank, shows a single play, and fills the busiest cell", () => {
    expect(heatLevel(0, 1_000)).toBe(0);
    expect(heatLevel(1, 1_000_000)).toBe(1);
    expect(heatLevel(1_000, 1_000)).toBe(HEAT_LEVELS);
    expect(heatLevel(0, 0)).toBe(0);
  });

  it("tells quiet hours apart beside a very busy one", () => {
    const levels = [1, 20, 100, 250, 500, 900].map((plays) => heatLevel(plays, 900));
    expect(new Set(levels).size).toBeGreaterThanOrEqual(5);
    expect(levels).toEqual(levels.toSorted((one, other) => one - other));
  });

  it("names the first of equally busy cells, and none when nothing was played", () => {
    const heatmap = heatmapWith([
      [4, 20, 7],
      [6, 3, 7],
      [0, 8, 2],
    ]);
    expect(busiestCell(heatmap)).toEqual({ weekday: 4, hour: 20, plays: 7 });
    expect(busiestCell(heatmapWith([]))).toBeNull();
  });

  it("gives the hours of the day over all weekdays", () => {
    const hours = playsByHour(
      heatmapWith([
        [0, 8, 2],
        [6, 8, 3],
        [1, 23, 1],
      ]),
    );
    expect(hours).toHaveLength(24);
    expect([hours[8], hours[23], hours[0]]).toEqual([5, 1, 0]);
  });

  it("is gone through with arrow keys, and not left by them", () => {
    const from = { weekday: 0, hour: 22 };
    expect(steppedCell(from, "ArrowDown")).toEqual({ weekday: 1, hour: 22 });
    expect(steppedCell(from, "ArrowLeft")).toEqual({ weekday: 0, hour: 21 });
    expect(steppedCell(from, "End")).toEqual({ weekday: 0, hour: 23 });
    expect(steppedCell(from, "Home")).toEqual({ weekday: 0, hour: 0 });
    expect(steppedCell(from, "ArrowUp")).toBeNull();
    expect(steppedCell({ weekday: 6, hour: 23 }, "ArrowRight")).toBeNull();
    expect(steppedCell(from, "a")).toBeNull();
  });
});
