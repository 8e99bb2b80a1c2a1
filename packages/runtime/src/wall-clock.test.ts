import { describe, expect, it } from "vitest";
import { createWallClock } from "./wall-clock.ts";

describe("wall clock", () => {
  it("has the monotonic clock's fractions", () => {
    let elapsed = 10;
    const now = createWallClock(
      () => 1_000,
      () => elapsed,
    );
    elapsed = 10.25;
    expect(now()).toBe(1_000.25);
  });

  it("follows the time of day after a sleep, which the monotonic clock does not count", () => {
    let timeOfDay = 1_000;
    const now = createWallClock(
      () => timeOfDay,
      () => 10,
    );
    timeOfDay = 8_000_000;
    expect(now()).toBe(8_000_000);
  });

  it("follows the time of day when somebody sets it back", () => {
    let timeOfDay = 9_000_000;
    const now = createWallClock(
      () => timeOfDay,
      () => 10,
    );
    timeOfDay = 5_000;
    expect(now()).toBe(5_000);
  });

  it("does not jump at every rounding of the time of day", () => {
    let elapsed = 0;
    let timeOfDay = 1_000;
    const now = createWallClock(
      () => timeOfDay,
      () => elapsed,
    );
    elapsed = 0.9;
    expect(now()).toBe(1_000.9);
    elapsed = 1.1;
    timeOfDay = 1_001;
    expect(now()).toBeCloseTo(1_001.1, 9);
  });
});
