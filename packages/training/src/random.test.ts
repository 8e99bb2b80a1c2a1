import { expect, test } from "vitest";

import { Random } from "./random.ts";

test("random › the same seeds give the same numbers, and any other seed gives others", () => {
  const draw = (...seeds: number[]) => {
    const random = new Random(...seeds);
    return Array.from({ length: 5 }, () => random.uint32());
  };
  expect(draw(1, 2)).toEqual(draw(1, 2));
  for (const other of [[1, 3], [2, 2], [2, 1], [1], [1 + 2 ** 32, 2]]) {
    expect(draw(...other)).not.toEqual(draw(1, 2));
  }
});

test("random › unit numbers fill [0, 1) evenly and normal ones have mean 0 and variance 1", () => {
  const random = new Random(4);
  const count = 20_000;
  const units = Array.from({ length: count }, () => random.unit());
  const normals = Array.from({ length: count }, () => random.normal());
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  expect(Math.min(...units)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...units)).toBeLessThan(1);
  expect(mean(units)).toBeCloseTo(0.5, 1);
  expect(mean(normals)).toBeCloseTo(0, 1);
  expect(mean(normals.map((value) => value ** 2))).toBeCloseTo(1, 1);
});

test("random › a shuffle keeps every element", () => {
  const list = Array.from({ length: 100 }, (_, index) => index);
  const shuffled = new Random(1).shuffle([...list]);
  expect(shuffled).not.toEqual(list);
  expect(shuffled.toSorted((one, other) => one - other)).toEqual(list);
});
