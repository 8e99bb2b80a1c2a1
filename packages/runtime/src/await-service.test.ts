import { AppError } from "@segue/errors";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { awaitService } from "./await-service.ts";

const away = (message: string) => new AppError("BUS_UNAVAILABLE", message);

describe("awaiting a service", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test("goes on until the service is there, and tells each reason once", async () => {
    const failures = [away("no broker"), away("no broker"), away("no leader")];
    const told: string[] = [];
    const opened = awaitService(
      async () => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        return "open";
      },
      { onWaiting: ({ message }) => told.push(message), signal: new AbortController().signal },
    );
    await vi.runAllTimersAsync();
    expect(await opened).toBe("open");
    expect(told).toEqual(["no broker", "no leader"]);
  });

  test("waits longer from try to try, but never beyond five seconds", async () => {
    const tries: number[] = [];
    const stop = new AbortController();
    const opened = awaitService(
      async () => {
        tries.push(Date.now());
        throw away("no broker");
      },
      { onWaiting: () => {}, signal: stop.signal },
    ).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    stop.abort();
    await opened;
    const gaps = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(gaps.slice(0, 5)).toEqual([250, 500, 1_000, 2_000, 4_000]);
    expect(Math.max(...gaps)).toBe(5_000);
  });

  test("does not wait for what waiting does not mend", async () => {
    const refused = new AppError("CONFIG_INVALID", "wrong password");
    const open = vi.fn<() => Promise<void>>().mockRejectedValue(refused);
    const options = { onWaiting: () => {}, signal: new AbortController().signal };
    await expect(awaitService(open, options)).rejects.toBe(refused);
    expect(open).toHaveBeenCalledTimes(1);
  });

  test("ends at once when the process is told to stop", async () => {
    const stop = new AbortController();
    const opened = awaitService(() => Promise.reject(away("no broker")), {
      onWaiting: () => {},
      signal: stop.signal,
    }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    stop.abort();
    expect(await opened).toMatchObject({ code: "CANCELLED" });
  });
});
