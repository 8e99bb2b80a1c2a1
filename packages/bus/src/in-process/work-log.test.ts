import { HEADERS } from "@segue/contracts";
import { describe, expect, test } from "vitest";
import { WorkLog, WorkMemory } from "./work-log.ts";

const record = (valueBytes: number, headers: Record<string, string> = {}) => ({
  topic: "rec.stage.1.v1",
  partition: 0,
  key: "k",
  value: new Uint8Array(valueBytes),
  headers,
  timestampMs: 0,
});
const overloaded = /unhandled records .* add consumers, or send slower/;

describe("work log", () => {
  test("refuses a record when its consumers leave no room, and takes it once they catch up", () => {
    const log = new WorkLog(
      new WorkMemory(10_000),
      () => 0,
      () => true,
    );
    for (let sent = 0; sent < 7; sent++) log.append(record(1_000));
    expect(() => log.append(record(2_000))).toThrow(overloaded);
    expect(() => log.append(record(2_000))).toThrow(
      expect.objectContaining({
        details: { topic: "rec.stage.1.v1", partition: 0, retryAfterSeconds: 1 },
      }),
    );
    log.forgetBefore(4n);
    log.append(record(2_000));
    expect(log.read(0n, 10).map(({ offset }) => offset)).toEqual([4n, 5n, 6n, 7n]);
    expect([log.startOffset, log.endOffset]).toEqual([4n, 8n]);
  });

  test("counts the memory of all partitions together", () => {
    const memory = new WorkMemory(10_000);
    const make = () =>
      new WorkLog(
        memory,
        () => 0,
        () => true,
      );
    const [first, second] = [make(), make()];
    first.append(record(8_000));
    expect(() => second.append(record(8_000))).toThrow(overloaded);
    first.forgetBefore(1n);
    second.append(record(8_000));
  });

  test("drops expired records of any partition before it refuses", () => {
    const memory = new WorkMemory(10_000);
    let nowMs = 1_000;
    const make = () =>
      new WorkLog(
        memory,
        () => nowMs,
        () => true,
      );
    const [dead, living] = [make(), make()];
    dead.append(record(8_000, { [HEADERS.life]: "2000" }));
    expect(() => living.append(record(8_000))).toThrow(overloaded);
    nowMs = 2_000;
    living.append(record(8_000));
    expect(dead.read(0n, 10)).toEqual([]);
  });

  test("forgets the oldest when nobody consumes", () => {
    const log = new WorkLog(
      new WorkMemory(10_000),
      () => 0,
      () => false,
    );
    for (let sent = 0; sent < 100; sent++) log.append(record(1_000));
    const kept = log.read(0n, 100);
    expect(kept.at(-1)?.offset).toBe(99n);
    expect(kept.length).toBeLessThan(10);
  });
});
