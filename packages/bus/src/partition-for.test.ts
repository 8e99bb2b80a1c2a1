import { describe, expect, test } from "vitest";
import { murmur2, partitionFor } from "./partition-for.ts";

describe("partition for a key", () => {
  // The vectors of Kafka's own UtilsTest#testMurmur2.
  test.each([
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ])("hashes %s as Kafka does", (key, hash) => {
    expect(murmur2(new TextEncoder().encode(key))).toBe(hash);
  });

  test("stays within the partition count and uses all of it", () => {
    const seen = new Set<number>();
    for (let number = 0; number < 500; number++) seen.add(partitionFor(`key-${number}`, 12));
    expect([...seen].toSorted((left, right) => left - right)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
  });
});
