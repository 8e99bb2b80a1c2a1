import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { highlightParts } from "./highlight.ts";

const marked = (text: string, search: string) =>
  highlightParts(text, search)
    .map(({ text: part, isMatch }) => (isMatch ? `[${part}]` : part))
    .join("");

describe("highlight", () => {
  it("marks the beginning of words", () => {
    expect(marked("Take On Me", "tak")).toBe("[Tak]e On Me");
    expect(marked("Mistake", "tak")).toBe("Mistake");
  });

  it("marks every word of the search, in title and artist alike", () => {
    expect(marked("So What", "so what miles")).toBe("[So] [What]");
    expect(marked("Miles Davis", "so what miles")).toBe("[Miles] Davis");
  });

  it("looks through accents and case in both directions", () => {
    expect(marked("Édith Piaf", "edith")).toBe("[Édith] Piaf");
    expect(marked("Beyonce", "BEYONCÉ")).toBe("[Beyonce]");
  });

  it("keeps its place behind characters that fold to several", () => {
    expect(marked("ﬁre and Rain", "rain")).toBe("ﬁre and [Rain]");
  });

  it("marks inside texts without spaces", () => {
    expect(marked("上を向いて歩こう", "向いて")).toBe("上を[向いて]歩こう");
  });

  it("never changes the text, whatever is searched", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme" }),
        (text, search) => {
          const parts = highlightParts(text, search);
          expect(parts.map((part) => part.text).join("")).toBe(text);
        },
      ),
    );
  });
});
