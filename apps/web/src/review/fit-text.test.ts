import { describe, expect, it } from "vitest";
import { cutText, shrinkText } from "./fit-text.ts";

/** Every character is as wide as half its size. */
const measure = (text: string, size: number) => [...text].length * size * 0.5;

describe("texts of a picture", () => {
  it("are left whole where they fit", () => {
    expect(cutText("Respect", 70, 20, 400, measure)).toBe("Respect");
  });

  it("are cut as late as possible, with an ellipsis and no blank before it", () => {
    expect(cutText("What's Going On", 80, 20, 400, measure)).toBe("What's…");
    expect(cutText("What's Going On", 90, 20, 400, measure)).toBe("What's G…");
    expect(cutText("abcdef", 5, 20, 400, measure)).toBe("…");
  });

  it("lose no character that has room, whatever the width", () => {
    const text = "abcdefghijklmnopqrstuvwxyz";
    for (let width = 10; width < 260; width += 1) {
      const cut = cutText(text, width, 20, 400, measure);
      expect(cut).toBe(`${text.slice(0, Math.floor(width / 10) - 1)}…`);
    }
  });

  it("are never cut within a character", () => {
    const cut = cutText("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 90, 20, 400, measure);
    expect(cut).toBe("👩‍👩‍👧‍👦…");
  });

  it("shrink until they fit, but stay readable", () => {
    const sizes = { sizeMax: 200, sizeMin: 90 };
    expect(shrinkText("1,204", 936, sizes, 800, measure)).toBe(200);
    const size = shrinkText("12,345,678", 936, sizes, 800, measure);
    expect(measure("12,345,678", size)).toBeLessThanOrEqual(936);
    expect(size).toBeGreaterThan(180);
    expect(shrinkText("x".repeat(100), 936, sizes, 800, measure)).toBe(90);
  });
});
