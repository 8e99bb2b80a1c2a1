import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placementOf } from "./placement.ts";

const topics = fc.string({ minLength: 1 });
const brokers = fc.uniqueArray(fc.nat(50), { minLength: 2, maxLength: 9 });

describe("the placement of partitions", () => {
  test("gives neighbours different leaders, also where a topic has grown", () => {
    fc.assert(
      fc.property(topics, brokers, fc.nat(20), fc.nat(20), (topic, ids, from, more) => {
        const placed = [
          ...(placementOf(topic, { from: 0, to: from }, ids, 1) ?? []),
          ...(placementOf(topic, { from, to: from + more }, ids, 1) ?? []),
        ];
        const leaders = placed.map(([leader]) => leader);
        expect(leaders).toHaveLength(from + more);
        for (const [index, leader] of leaders.entries()) {
          expect(ids).toContain(leader);
          if (index > 0) expect(leader).not.toBe(leaders[index - 1]);
        }
      }),
    );
  });

  test("gives each broker as many partitions as any other, give or take one", () => {
    fc.assert(
      fc.property(topics, brokers, fc.integer({ min: 1, max: 30 }), (topic, ids, count) => {
        const placed = placementOf(topic, { from: 0, to: count }, ids, 1) ?? [];
        const counts = ids.map((id) => placed.filter(([leader]) => leader === id).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("puts the copies of a partition on different brokers", () => {
    const placed = placementOf("a", { from: 0, to: 7 }, [3, 1, 2], 2) ?? [];
    for (const copies of placed) expect(new Set(copies).size).toBe(2);
  });

  test("leaves it to the controller when there are too few brokers", () => {
    expect(placementOf("a", { from: 0, to: 1 }, [1], 2)).toBeUndefined();
  });

  test("does not put the first partition of every topic on the same broker", () => {
    const names = Array.from({ length: 20 }, (_, index) => `topic ${index}`);
    const leaders = names.map(
      (name) => placementOf(name, { from: 0, to: 1 }, [1, 2, 3], 1)?.[0]?.[0],
    );
    expect(new Set(leaders).size).toBe(3);
  });
});
