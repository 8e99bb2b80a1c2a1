import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createThrottle } from "./throttle.ts";

describe("a throttle", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("runs at once, then once an interval, and never forgets the last call", () => {
    const run = vi.fn();
    const throttle = createThrottle(400, run);
    for (let call = 0; call < 50; call += 1) throttle.call();
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(399);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(10_000);
    expect(run).toHaveBeenCalledTimes(2);
    throttle.call();
    expect(run).toHaveBeenCalledTimes(3);
  });

  it("drops what waits when it is cancelled", () => {
    const run = vi.fn();
    const throttle = createThrottle(400, run);
    throttle.call();
    throttle.call();
    throttle.cancel();
    vi.advanceTimersByTime(10_000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
