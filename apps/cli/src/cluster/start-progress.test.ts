import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createStartProgress } from "./start-progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("createStartProgress", () => {
  it("tells in one line what is still awaited, until nothing is", async () => {
    const steps: string[] = [];
    const progress = createStartProgress((text) => void steps.push(text), 1_000);
    const gate = Promise.withResolvers<string>();
    const api = progress.during({ replica: "api-1", logFile: "/none" }, () => gate.promise);
    const broker = progress.during({ replica: "broker-1", logFile: "/none" }, () => gate.promise);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(steps).toEqual(["Waiting for api-1, broker-1"]);
    gate.resolve("ready");
    expect(await Promise.all([api, broker])).toEqual(["ready", "ready"]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(steps).toHaveLength(1);
  });
});
