import { describe, expect, it } from "vitest";
import { displayWidth, renderPairs, renderTable } from "./table.ts";

describe("renderTable", () => {
  it("aligns columns by what a terminal shows, CJK twice as wide", () => {
    const table = renderTable(
      [
        { title: "song", value: (row: [string, number]) => row[0] },
        { title: "plays", value: (row) => String(row[1]), align: "right" },
      ],
      [
        ["夜に駆ける", 7],
        ["One", 1200],
      ],
    );
    expect(table).toBe("song        plays\n夜に駆ける      7\nOne          1200");
  });
});

describe("renderTable in a narrow terminal", () => {
  const columns = [
    { title: "id", value: (row: readonly string[]) => row[0] ?? "" },
    { title: "title", value: (row: readonly string[]) => row[1] ?? "", canShrink: true },
    { title: "artist", value: (row: readonly string[]) => row[2] ?? "", canShrink: true },
  ];

  it("cuts the widest column that may be cut, marked by an ellipsis", () => {
    const rows = [["s1", "A title that goes on and on", "Somebody"]];
    expect(renderTable(columns, rows, 30).split("\n")[1]).toBe("s1  A title that go…  Somebody");
  });

  it("cuts no CJK character in two", () => {
    const line =
      renderTable(columns, [["s1", "夜に駆ける夜に駆ける", "A"]], 24).split("\n")[1] ?? "";
    expect(displayWidth(line)).toBeLessThanOrEqual(24);
    expect(line).toMatch(/^s1 {2}夜に駆ける?…/u);
  });

  it("keeps what says something when the terminal is too narrow for all", () => {
    const line = renderTable(columns, [["s1", "A title that goes on", "Somebody"]], 5).split(
      "\n",
    )[1];
    expect(line).toBe("s1  A title t…  Somebody");
  });
});

describe("renderPairs", () => {
  it("aligns the values", () => {
    expect(
      renderPairs([
        ["songs", "40"],
        ["serving", "none"],
      ]),
    ).toBe("songs    40\nserving  none");
  });
});

describe("displayWidth", () => {
  it("counts no cell for a combining accent", () => {
    expect(displayWidth("e\u0301")).toBe(1);
  });
});
