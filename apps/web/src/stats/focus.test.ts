import { describe, expect, it } from "vitest";
import { type Focus, parseFocus, writeFocus } from "./focus.ts";

describe("a focus", () => {
  it("is kept by the address", () => {
    for (const focus of [
      { kind: "artist", name: "Simon & Garfunkel" },
      { kind: "genre", name: "r&b" },
      { kind: "genre", name: "" },
      { kind: "hour", weekday: 0, hour: 0 },
      { kind: "hour", weekday: 6, hour: 23 },
    ] satisfies Focus[]) {
      const parameters = new URLSearchParams();
      writeFocus(focus, parameters);
      expect(parseFocus(new URLSearchParams(parameters.toString()))).toEqual(focus);
    }
    const none = new URLSearchParams();
    writeFocus(null, none);
    expect(none.size).toBe(0);
  });

  it.each(["", "artist=", "weekday=monday", "weekday=someday&hour=3", "weekday=monday&hour=24"])(
    "is none where the address says %j",
    (text) => {
      expect(parseFocus(new URLSearchParams(text))).toBeNull();
    },
  );
});
