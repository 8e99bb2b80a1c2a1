import { describe, expect, it } from "vitest";
import { printable, printableLines } from "./printable.ts";
import { renderPairs, renderTable } from "./table.ts";

const EVIL = "\x1b[2J\x07Ni\nna\x9b\x7f\r";

describe("printable text", () => {
  it("has a sign for each control character, and every other one as it was", () => {
    expect(printable(EVIL)).toBe("�[2J�Ni�na���");
    expect(printable("Беть Ñ 灯台 👩‍🚀 \u200f")).toBe("Беть Ñ 灯台 👩‍🚀 \u200f");
  });

  it("keeps its lines where it has several", () => {
    expect(printableLines(EVIL)).toBe("�[2J�Ni\nna���");
  });

  it("is what tables hold, at their width", () => {
    const columns = [
      { title: "name", value: (name: string) => name },
      { title: "plays", value: () => "7" },
    ];
    expect(renderTable(columns, ["a\x1b[31m"])).toBe("name    plays\na�[31m  7");
    expect(renderPairs([["a\nb", "\x07"]])).toBe("a�b  �");
  });
});
