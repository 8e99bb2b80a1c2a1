import { expect, test } from "vitest";
import { createMemoryDurableLog } from "../memory-durable-log.ts";
import { DurableWriter } from "./durable-partition-log.ts";

const RECORD = {
  topic: "plays.v1",
  partition: 0,
  key: "ada",
  value: new Uint8Array(1),
  headers: {},
  timestampMs: 0,
};

test("a writer whose disk is behind refuses more, and says when to come back", () => {
  const stalled = { ...createMemoryDurableLog(), append: () => new Promise<never>(() => {}) };
  const writer = new DurableWriter(stalled);
  expect(() => {
    for (let sent = 0; sent < 100_000; sent += 1) void writer.append(RECORD);
  }).toThrow(
    expect.objectContaining({
      code: "OVERLOADED",
      details: { topic: "plays.v1", retryAfterSeconds: 1 },
    }),
  );
});
