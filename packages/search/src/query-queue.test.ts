// Fake: the search itself, a promise that the test settles.
import { AppError } from "@segue/errors";
import { describe, expect, test } from "vitest";

import { QueryQueue } from "./query-queue.ts";

interface Started {
  readonly text: string;
  readonly finish: () => void;
}

function createQueue(waitingMax: number): { queue: QueryQueue; started: Started[] } {
  const queue = new QueryQueue(waitingMax);
  const started: Started[] = [];
  queue.runWith(
    (text) =>
      new Promise((resolve) => {
        started.push({ text, finish: () => resolve([]) });
      }),
  );
  return { queue, started };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("query queue", () => {
  test("runs one search at a time, in the order of arrival", async () => {
    const { queue, started } = createQueue(10);
    const searches = ["one", "two", "three"].map((text) => queue.push(text, 5));
    for (let turn = 0; turn < 3; turn += 1) {
      expect(started).toHaveLength(turn + 1);
      started[turn]?.finish();
      await settled();
    }
    await Promise.all(searches);
    expect(started.map(({ text }) => text)).toEqual(["one", "two", "three"]);
  });

  test("refuses a search when too many wait, and says when to come back", async () => {
    const { queue, started } = createQueue(1);
    const running = queue.push("running", 5);
    const waiting = queue.push("waiting", 5);
    await expect(queue.push("third", 5)).rejects.toMatchObject({
      code: "OVERLOADED",
      details: { retryAfterSeconds: 1 },
    });
    started[0]?.finish();
    await running;
    await settled();
    started[1]?.finish();
    await waiting;
  });

  test("drops a cancelled search before it runs", async () => {
    const { queue, started } = createQueue(10);
    const running = queue.push("running", 5);
    const caller = new AbortController();
    const cancelled = queue.push("cancelled", 5, caller.signal);
    caller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
    expect(queue.waitingCount).toBe(0);
    started[0]?.finish();
    await running;
    await settled();
    expect(started).toHaveLength(1);
    await expect(queue.push("late", 5, caller.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("lets searches wait while there is no way to run them", async () => {
    const { queue, started } = createQueue(10);
    queue.runWith(undefined);
    const waiting = queue.push("waiting", 5);
    expect(started).toHaveLength(0);
    queue.runWith(() => Promise.resolve([]));
    await expect(waiting).resolves.toEqual([]);
  });

  test("rejects everything that waits, and only that", async () => {
    const { queue, started } = createQueue(10);
    const running = queue.push("running", 5);
    const waiting = queue.push("waiting", 5);
    queue.rejectAll(new AppError("SEARCH_UNAVAILABLE", "gone"));
    await expect(waiting).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
    started[0]?.finish();
    await expect(running).resolves.toEqual([]);
  });
});
