import { describe, expect, it } from "vitest";
import { VarintReader, VarintWriter } from "./varint.ts";

const EDGES = [0, 1, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 32, 2 ** 49 - 1, 2 ** 49, 2 ** 53 - 1];

describe("numbers in as few bytes as they need", () => {
  it("are read as they were written, also where the room for them grows", () => {
    const numbers = Array.from({ length: 20 }, () => EDGES).flat();
    const writer = new VarintWriter(0);
    for (const number of numbers) writer.write(number);
    const reader = new VarintReader(writer.bytes());
    expect(numbers.map(() => reader.read())).toEqual(numbers);
    expect(reader.isAtEnd).toBe(true);
  });

  it.each([
    -1,
    0.5,
    2 ** 53,
    1e300,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ])("are never %d", (value) => {
    const writer = new VarintWriter(0);
    expect(() => writer.write(value)).toThrow(`A count cannot be ${value}.`);
    expect(writer.bytes()).toHaveLength(0);
  });
});
