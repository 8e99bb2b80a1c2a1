import { describe, expect, it } from "vitest";
import { createPlayKey } from "./play-key.ts";

describe("the key of a play", () => {
  it("is new every time and needs no escaping", () => {
    const keys = new Set(Array.from({ length: 1_000 }, createPlayKey));
    expect(keys.size).toBe(1_000);
    for (const key of keys) expect(key).toMatch(/^page-[0-9a-f]{24}$/);
  });
});
