import { describe, expect, it } from "vitest";
import { inParallel } from "./in-parallel.ts";

describe("inParallel", () => {
  it("works on as many items at a time as it may, in their order", async () => {
    const begun: number[] = [];
    const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
    const all = inParallel([0, 1, 2], 2, async (item) => {
      begun.push(item);
      await gates[item]?.promise;
    });
    expect(begun).toEqual([0, 1]);
    gates[1]?.resolve();
    await gates[1]?.promise.then(() => undefined);
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    for (const gate of gates) gate.resolve();
    await all;
  });

  it("begins nothing after a failure, and throws it when what was under way has ended", async () => {
    const ended: number[] = [];
    const work = inParallel([0, 1, 2, 3], 2, async (item) => {
      if (item === 0) throw new Error("first");
      await Promise.resolve();
      ended.push(item);
    });
    await expect(work).rejects.toThrow("first");
    expect(ended).toEqual([1]);
  });
});
