import { describe, expect, test } from "vitest";

import { planPartition } from "../partition/plan-partition.ts";
import { MicroBatchQueue, type Queued, type QueueLimits } from "./micro-batch-queue.ts";

interface Named extends Queued {
  readonly name: string;
}

const FOREVER = Number.POSITIVE_INFINITY;

describe("micro-batch queue", () => {
  test("gives all that waits, oldest first", () => {
    const queue = queueOf(1, [item("a"), item("b"), item("c")]);
    expect(take(queue)).toEqual({ batch: ["a", "b", "c"], late: [] });
    expect(queue.length).toBe(0);
    expect(take(queue)).toEqual({ batch: [], late: [] });
  });

  test("keeps a micro-batch within its sequences, and the rest for the next", () => {
    const items = [item("a", 4), item("b", 4), item("c", 2), item("d", 4)];
    const queue = queueOf(1, items, { batchMax: 6 });
    expect(take(queue).batch).toEqual(["a", "c"]);
    expect(take(queue).batch).toEqual(["b"]);
    expect(take(queue).batch).toEqual(["d"]);
  });

  test("takes an item that is larger than a micro-batch alone", () => {
    const queue = queueOf(1, [item("large", 9), item("small")], { batchMax: 6 });
    expect(take(queue).batch).toEqual(["large"]);
    expect(take(queue).batch).toEqual(["small"]);
  });

  test("puts two requests of nine sequences together for recurrent layers, sixteen for scoring", () => {
    const items = Array.from({ length: 20 }, (_, index) => item(`${index}`, 9));
    expect(take(queueOf(1, items)).batch).toHaveLength(2);
    expect(take(queueOf(2, items)).batch).toHaveLength(2);
    expect(take(queueOf(3, items)).batch).toHaveLength(16);
  });

  test("does not stretch short sequences to the length of long ones", () => {
    const lengths = { a: 40, b: 8, c: 50, d: 12, e: 9 };
    const items = Object.entries(lengths).map(([name, steps]) => item(name, 1, steps));
    const recurrent = queueOf(2, items);
    expect(take(recurrent).batch).toEqual(["a", "c"]);
    expect(take(recurrent).batch).toEqual(["b", "d", "e"]);
    expect(take(queueOf(3, items)).batch).toHaveLength(5);
  });

  test("sorts out what is late, wherever it waits", () => {
    const queue = queueOf(1, [item("a", 1, 9, 100), item("b"), item("c", 1, 9, 101)]);
    expect(take(queue, 100)).toEqual({ batch: ["b", "c"], late: ["a"] });
  });

  test("is OVERLOADED when full, until something is taken", () => {
    const queue = queueOf(1, [item("a"), item("b")], { queueMax: 2 });
    expect(() => {
      queue.push(item("c"));
    }).toThrow(expect.objectContaining({ code: "OVERLOADED", details: { queueMax: 2 } }));
    expect(take(queue).batch).toEqual(["a", "b"]);
    queue.push(item("c"));
    expect(queue.takeAll()).toHaveLength(1);
    expect(queue.length).toBe(0);
  });
});

function item(name: string, sequences = 1, steps = 9, deadlineMs = FOREVER): Named {
  const variants = Array.from({ length: sequences }, () => new Uint32Array(steps));
  return { name, deadlineMs, input: { variants, maskedRows: new Uint32Array(), candidates: 1 } };
}

/** Stage 1 and 2 of three are recurrent, stage 3 scores. */
function queueOf(
  stage: number,
  items: readonly Named[],
  limits?: QueueLimits,
): MicroBatchQueue<Named> {
  const part = planPartition({ songCount: 10 }, { stages: 3, shards: 1 })[stage - 1];
  if (part === undefined) throw new Error(`There is no stage ${stage}`);
  const queue = new MicroBatchQueue<Named>(part, limits);
  for (const entry of items) queue.push(entry);
  return queue;
}

function take(queue: MicroBatchQueue<Named>, nowMs = 0) {
  const { batch, late } = queue.takeBatch(nowMs);
  return { batch: batch.map(({ name }) => name), late: late.map(({ name }) => name) };
}
