import { describe, expect, it } from "vitest";
import { prefixEnd } from "./prefix-end.ts";

describe("the end of a prefix", () => {
  it.each([
    ["a", "b"],
    ["ada", "adb"],
    ["a\u{1F600}", "a\u{1F601}"],
    ["\uD7FF", "\uE000"],
    ["a\u{10FFFF}", "b"],
    ["\uFFFF", "\u{10000}"],
  ])("behind %j is %j", (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end);
    const bytes = (text: string) => Buffer.from(text);
    const longest = bytes(`${prefix}\u{10FFFF}\u{10FFFF}`);
    expect(Buffer.compare(longest, bytes(end))).toBe(-1);
  });

  it("is nowhere behind the empty prefix and the last characters", () => {
    expect([prefixEnd(""), prefixEnd("\u{10FFFF}\u{10FFFF}")]).toEqual([undefined, undefined]);
  });
});
