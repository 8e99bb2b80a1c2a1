import { expect, test } from "vitest";
import { computePlaceOf, replicaNameOf } from "./replica-name.ts";

test("a replica's name tells its role, its part and its number", () => {
  expect(replicaNameOf({ role: "api", stage: null, shard: null }, 2)).toBe("api-2");
  const whole = computePlaceOf({ stage: 2, shard: 0, shardCount: 1 });
  expect(replicaNameOf(whole, 1)).toBe("compute-2-1");
  const shard = computePlaceOf({ stage: 3, shard: 0, shardCount: 2 });
  expect(replicaNameOf(shard, 2)).toBe("compute-3.0-2");
});
