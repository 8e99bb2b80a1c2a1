import { describe, expect, test } from "vitest";

import { Random } from "../random.ts";
import { sessionsFromLists } from "../sessions/sessions.ts";
import { planBatches } from "./batch-plan.ts";
import { NegativeSampler } from "./negative-sampler.ts";
import { cutSegments } from "./segments.ts";

describe("cutSegments", () => {
  test("cuts long sessions so that every next song is a target exactly once", () => {
    const segments = cutSegments(sessionsFromLists([[1, 2, 3, 4, 5], [6], [7, 8]]), 2);
    const targets = Array.from(segments.starts, (start, index) => [
      ...segments.items.subarray(start + 1, start + 1 + (segments.steps[index] as number)),
    ]);
    expect(targets).toEqual([[2, 3], [4, 5], [8]]);
  });
});

describe("planBatches", () => {
  const random = new Random(1);
  const lists = Array.from({ length: 500 }, () => new Array<number>(2 + random.below(20)).fill(0));
  const segments = cutSegments(sessionsFromLists(lists), 30);

  test("visits every segment once, in an order of its own for each epoch", () => {
    const plan = planBatches(segments, 16, 1, 1);
    const visited = plan.flatMap((batch) => [...batch]);
    expect(visited.toSorted((one, other) => one - other)).toEqual([...segments.starts.keys()]);
    expect(planBatches(segments, 16, 1, 1)).toEqual(plan);
    expect(planBatches(segments, 16, 1, 2)).not.toEqual(plan);
    expect(planBatches(segments, 16, 2, 1)).not.toEqual(plan);
  });

  test("puts segments of nearly equal length together", () => {
    let padded = 0;
    let real = 0;
    for (const batch of planBatches(segments, 16, 1, 1)) {
      const steps = Array.from(batch, (index) => segments.steps[index] as number);
      padded += Math.max(...steps) * steps.length;
      real += steps.reduce((sum, count) => sum + count, 0);
    }
    expect(padded / real).toBeLessThan(1.1);
  });
});

describe("NegativeSampler", () => {
  test("draws in proportion to plays^alpha, as its log chances say", () => {
    const sampler = new NegativeSampler(Int32Array.of(1, 4, 100, 9), 0.5);
    const chances = [1, 2, 10, 3].map((weight) => weight / 16);
    const random = new Random(2);
    const draws = 40_000;
    const counts = new Array<number>(4).fill(0);
    for (let draw = 0; draw < draws; draw++) {
      const song = sampler.draw(random);
      counts[song] = (counts[song] ?? 0) + 1;
    }
    for (const [song, chance] of chances.entries()) {
      expect((counts[song] as number) / draws).toBeCloseTo(chance, 2);
      expect(sampler.logChance[song]).toBeCloseTo(Math.log(chance), 5);
    }
  });
});
