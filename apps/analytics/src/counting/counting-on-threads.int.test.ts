// Real: worker threads. Fake: sizes small enough that a few thousand rows make many tasks.
import type { Worker } from "node:worker_threads";
import { type PairCountColumns, playCountsFrom } from "@segue/statistics";
import { describe, expect, onTestFinished, test } from "vitest";
import { countingOnThreads } from "./counting-on-threads.ts";
import { countingHere, type PairCounting } from "./pair-counter.ts";
import { startCountThread, ThreadPool } from "./thread-pool.ts";

const SIZES = { rowsHereMax: 100, rowsPerShare: 64, entriesPerReduceMin: 50 };
const NAMES = Array.from({ length: 400 }, (_, code) => `name ${code}`);

function makePool(threads: number, startThread = startCountThread) {
  const lost: object[] = [];
  const logger = { warn: (fields: object) => lost.push(fields) };
  const pool = new ThreadPool({ threads, logger, startThread });
  onTestFinished(() => pool.close());
  return { pool, lost };
}

/** 6,000 rows in batches of uneven size, given last batch first. */
async function countRows(counting: PairCounting, signal = new AbortController().signal) {
  const counter = counting.open({ hasAmounts: true, signal });
  for (let batch = 59; batch >= 0; batch--) {
    const rows = Array.from({ length: batch % 2 === 0 ? 37 : 163 }, (_, row) => batch * 163 + row);
    await counter.add({
      firstRow: batch * 163,
      lefts: Uint32Array.from(rows, (row) => (row * row) % 20),
      rights: Uint32Array.from(rows, (row) => (row * 7919) % 400),
      amounts: Int32Array.from(rows, (row) => row % 11),
    });
  }
  return counter.finish();
}

/** In an order that does not depend on who counted. */
function entriesOf({ lefts, rights, counts, firstRows, amounts }: PairCountColumns) {
  const entries = Array.from(lefts, (left, at) => [
    left,
    rights[at],
    counts[at],
    firstRows[at],
    amounts[at],
  ]);
  return entries.map((entry) => entry.join()).sort();
}

describe("counting on threads", () => {
  test.each([1, 2, 3, 7])("gives what one thread gives, with %i threads", async (threads) => {
    const { pool } = makePool(threads);
    const alone = await countRows(countingHere);
    const together = await countRows(countingOnThreads(pool, SIZES));
    expect(entriesOf(together)).toEqual(entriesOf(alone));
    expect(playCountsFrom(together, NAMES, NAMES)).toEqual(playCountsFrom(alone, NAMES, NAMES));
  });

  test("counts on the calling thread what is not worth a thread", async () => {
    const { pool } = makePool(2, () => {
      throw new Error("no thread is needed");
    });
    const sizes = { ...SIZES, rowsHereMax: 10_000 };
    expect(entriesOf(await countRows(countingOnThreads(pool, sizes)))).toEqual(
      entriesOf(await countRows(countingHere)),
    );
  });

  test("does the share of a thread that dies again", async () => {
    const started: Worker[] = [];
    const { pool, lost } = makePool(2, () => {
      const thread = startCountThread();
      started.push(thread);
      // The first three die of the first task they are given.
      if (started.length <= 3) {
        const post = thread.postMessage.bind(thread);
        thread.postMessage = (task: unknown) => {
          post(task);
          void thread.terminate();
        };
      }
      return thread;
    });
    expect(entriesOf(await countRows(countingOnThreads(pool, SIZES)))).toEqual(
      entriesOf(await countRows(countingHere)),
    );
    expect(lost.length).toBeGreaterThan(0);
    expect(started.length).toBeGreaterThan(2);
  });

  test("gives up a task that no thread survives, and only that", async () => {
    const { pool, lost } = makePool(1, () => {
      const thread = startCountThread();
      thread.postMessage = () => void thread.terminate();
      return thread;
    });
    await expect(countRows(countingOnThreads(pool, SIZES))).rejects.toMatchObject({
      code: "INTERNAL",
    });
    expect(lost).toHaveLength(3);
  });

  test("ends with the signal's reason", async () => {
    const { pool } = makePool(2);
    const abort = new AbortController();
    const counting = countRows(countingOnThreads(pool, SIZES), abort.signal);
    abort.abort(new Error("the caller has gone"));
    await expect(counting).rejects.toThrow("the caller has gone");
  });
});
