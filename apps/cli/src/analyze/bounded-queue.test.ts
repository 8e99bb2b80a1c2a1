import { describe, expect, it } from "vitest";
import { BoundedQueue } from "./bounded-queue.ts";

describe("BoundedQueue", () => {
  it("gives what was pushed in order, and what is left when it closes", async () => {
    const queue = new BoundedQueue<number>(10);
    await queue.push(1);
    await queue.push(2);
    queue.close();
    expect(await allOf(queue)).toEqual([1, 2]);
  });

  it("holds its writer back until there is room", async () => {
    const queue = new BoundedQueue<number>(2);
    const written: number[] = [];
    const writing = (async () => {
      for (const value of [1, 2, 3, 4]) {
        await queue.push(value);
        written.push(value);
      }
    })();
    await new Promise(setImmediate);
    expect(written).toEqual([1]);
    const reader = queue[Symbol.asyncIterator]();
    expect((await reader.next()).value).toBe(1);
    await new Promise(setImmediate);
    expect(written).toEqual([1, 2]);
    await reader.next();
    await reader.next();
    await writing;
    expect(written).toEqual([1, 2, 3, 4]);
  });

  it("lets a waiting writer go when the reader leaves", async () => {
    const queue = new BoundedQueue<number>(1);
    const writing = queue.push(1);
    for await (const value of queue) {
      expect(value).toBe(1);
      break;
    }
    await writing;
    await queue.push(2);
  });

  it("ends a reader that waits when it closes", async () => {
    const queue = new BoundedQueue<number>(1);
    const reading = allOf(queue);
    await new Promise(setImmediate);
    queue.close();
    expect(await reading).toEqual([]);
  });
});

async function allOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
