import { describe, expect, it } from "vitest";
import type { LogEntry } from "../src/log/durable-log.ts";
import type { CurrentStore } from "./current-store.ts";

function entry(key: string, facts: Partial<LogEntry> = {}): LogEntry {
  return {
    topic: "plays.v1",
    partition: 0,
    key,
    value: Uint8Array.of(1, 2, 3),
    headers: { "segue-request-id": "r1" },
    timestampMs: 5,
    ...facts,
  };
}

export function describeLog(store: CurrentStore): void {
  describe("durable log", () => {
    it("numbers each partition from 0 in the order appended", async () => {
      const { log } = store();
      expect(await log.append([entry("a"), entry("b", { partition: 1 }), entry("c")])).toEqual([
        0n,
        0n,
        1n,
      ]);
      expect(await log.append([entry("d"), entry("e", { topic: "dead.v1" })])).toEqual([2n, 0n]);
      const read = await log.read("plays.v1", 0, 1n, 10);
      expect(read).toEqual([
        { ...entry("c"), offset: 1n },
        { ...entry("d"), offset: 2n },
      ]);
      expect((await log.read("plays.v1", 0, 0n, 2)).map((each) => each.key)).toEqual(["a", "c"]);
      expect(await log.endOffset("plays.v1", 0)).toBe(3n);
      expect(await log.endOffset("plays.v1", 7)).toBe(0n);
    });

    it("numbers appends that wait together without gap or repeat", async () => {
      const appends = Array.from({ length: 100 }, (_, index) =>
        store().log.append([entry(`${index}`), entry(`${index} again`)]),
      );
      const offsets = (await Promise.all(appends)).flat().map(Number);
      expect(offsets.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    });

    it("remembers where each group is, per partition", async () => {
      const { log } = store();
      expect(await log.committedOffset("statistics", "plays.v1", 0)).toBeUndefined();
      await log.commit("statistics", "plays.v1", 0, 4n);
      await log.commit("statistics", "plays.v1", 0, 6n);
      await log.commit("statistics", "plays.v1", 1, 1n);
      expect(await log.committedOffset("statistics", "plays.v1", 0)).toBe(6n);
      expect(await log.committedOffset("statistics", "plays.v1", 1)).toBe(1n);
      expect(await log.committedOffset("history", "plays.v1", 0)).toBeUndefined();
    });

    it("goes on numbering where old entries were removed", async () => {
      const { log } = store();
      await log.append([entry("a", { timestampMs: 1 }), entry("b", { timestampMs: 9 })]);
      expect(await log.deleteEntriesBefore("plays.v1", 9)).toBe(1);
      expect((await log.read("plays.v1", 0, 0n, 10)).map((each) => each.key)).toEqual(["b"]);
      expect(await log.append([entry("c")])).toEqual([2n]);
    });

    it("removes old entries of every partition, in slices between which others write", async () => {
      const { log } = store();
      const old = Array.from({ length: 4_501 }, (_, at) => entry(`${at}`, { partition: at && 1 }));
      const young = entry("young", { partition: 1, timestampMs: 9 });
      await log.append([...old, young, entry("other", { topic: "dead.v1" })]);
      const progress = { isDone: false };
      const deleting = log.deleteEntriesBefore("plays.v1", 9).finally(() => {
        progress.isDone = true;
      });
      let appendCount = 0;
      for (; !progress.isDone; appendCount += 1)
        await log.append([entry("other", { topic: "dead.v1" })]);
      expect(await deleting).toBe(4_501);
      expect(appendCount).toBeGreaterThanOrEqual(5);
      const left = [await log.read("plays.v1", 0, 0n, 9), await log.read("plays.v1", 1, 0n, 9)];
      expect(left.flat().map((each) => each.key)).toEqual(["young"]);
      expect(await log.read("dead.v1", 0, 0n, 99)).toHaveLength(1 + appendCount);
    });
  });
}
