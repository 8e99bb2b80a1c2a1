import { describe, expect, it } from "vitest";
import { DamagePauses } from "./damage-pauses.ts";

const MINUTE_MS = 60_000;

describe("pauses after damage", () => {
  it("begin with none and double up to an hour", () => {
    const pauses = new DamagePauses();
    const minutes = Array.from({ length: 9 }, (_, index) => pauses.next(index) / MINUTE_MS);
    expect(minutes).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it("begin again where a day went well", () => {
    const pauses = new DamagePauses();
    const times = [0, 0, 24 * 60 * MINUTE_MS, 48 * 60 * MINUTE_MS + 1];
    expect(times.map((timeMs) => pauses.next(timeMs) / MINUTE_MS)).toEqual([0, 1, 2, 0]);
  });
});
