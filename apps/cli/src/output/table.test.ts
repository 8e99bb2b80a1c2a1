import { describe, expect, it } from "vitest";
import { displayWidth, renderTable } from "./table.ts";

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

describe("displayWidth", () => {
  it("counts no cell for a combining accent", () => {
    expect(displayWidth("e\u0301")).toBe(1);
  });
});
