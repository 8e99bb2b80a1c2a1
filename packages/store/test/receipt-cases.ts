import { describe, expect, it } from "vitest";
import type { LogEntry } from "../src/log/durable-log.ts";
import type { StoredReceipt } from "../src/receipts/receipt-repository.ts";
import type { CurrentStore } from "./current-store.ts";
import { collect, play, session, song } from "./samples.ts";

function receipt(requestId: string, facts: Partial<StoredReceipt> = {}): StoredReceipt {
  return {
    requestId,
    user: null,
    createdAtMs: 1_000,
    body: Uint8Array.of(0, 255, 7),
    ...facts,
  };
}

function logEntry(topic: string, key: string): LogEntry {
  return { topic, partition: 0, key, value: Uint8Array.of(1), headers: {}, timestampMs: 1 };
}

export function describeReceiptsAndErasure(store: CurrentStore): void {
  describe("receipts", () => {
    it("come back as they were stored; the same request again replaces", async () => {
      await store().receipts.putReceipts([receipt("r1"), receipt("r2", { user: "ada" })]);
      const later = receipt("r1", { body: Uint8Array.of(1) });
      await store().receipts.putReceipts([receipt("r1"), later]);
      expect(await store().receipts.findReceipt("r1")).toEqual(later);
      expect(await store().receipts.findReceipt("r2")).toEqual(receipt("r2", { user: "ada" }));
      expect(await store().receipts.findReceipt("R1")).toBeUndefined();
    });

    it("are deleted by age, so many at once", async () => {
      await store().receipts.putReceipts(
        [1, 2, 3, 4].map((time) => receipt(`r${time}`, { createdAtMs: time })),
      );
      expect(await store().receipts.deleteReceiptsBefore(4, 2)).toBe(2);
      expect(await store().receipts.deleteReceiptsBefore(4, 2)).toBe(1);
      expect(await store().receipts.findReceipt("r3")).toBeUndefined();
      expect(await store().receipts.findReceipt("r4")).toBeDefined();
    });
  });

  describe("erasing a user", () => {
    it("removes plays, sessions and receipts of that user alone, and their counts", async () => {
      await store().songs.upsertSongs([song("s1", { popularity: 3 }), song("s2")]);
      const counted = { source: "imported", countsTowardsPopularity: true } as const;
      for (const user of ["ada", "bob"]) {
        await store().plays.appendPlays([play("1", { user }), play("2", { user })]);
        await store().sessions.appendSessions([session(`of ${user}`, { user })], counted);
        await store().receipts.putReceipts([receipt(`r of ${user}`, { user })]);
      }
      expect(await store().eraseUser("ada")).toEqual({ plays: 2, sessions: 1, receipts: 1 });
      expect(await store().eraseUser("ada")).toEqual({ plays: 0, sessions: 0, receipts: 0 });
      await store().songs.currentRevision();
      const found = await store().songs.songsByIds(["s1", "s2"]);
      expect([...found.values()].map((each) => each.popularity)).toEqual([6, 1]);
      const users = (await collect(store().sessions.iterateSessions())).map((each) => each.user);
      expect(new Set(users)).toEqual(new Set(["bob"]));
      expect(await store().plays.findPlay("bob", "1")).toBeDefined();
      expect(await store().receipts.findReceipt("r of bob")).toBeDefined();
    });

    it("removes the log's entries of that user's plays and receipts, dead ones too", async () => {
      const { log, receipts, eraseUser } = store();
      for (const user of ["ada", "bob"]) {
        const requestId = `r of ${user}`;
        await receipts.putReceipts([receipt(requestId, { user })]);
        await log.append([
          logEntry("plays.v1", user),
          logEntry("receipts.v1", requestId),
          logEntry("dead.v1", user),
          logEntry("dead.v1", requestId),
        ]);
      }
      await eraseUser("ada");
      const keysOf = async (topic: string): Promise<readonly string[]> =>
        (await log.read(topic, 0, 0n, 9)).map(({ key }) => key);
      expect(await keysOf("plays.v1")).toEqual(["bob"]);
      expect(await keysOf("receipts.v1")).toEqual(["r of bob"]);
      expect(await keysOf("dead.v1")).toEqual(["bob", "r of bob"]);
    });

    it("leaves plays that are stored while it goes on", async () => {
      const earlier = Array.from({ length: 40 }, (_, index) => play(`earlier ${index}`));
      await store().plays.appendPlays(earlier);
      const erasure = store().eraseUser("ada", undefined, 1);
      await expect.poll(() => store().plays.playCount()).toBeLessThan(earlier.length);
      await store().plays.appendPlays([play("later")]);
      expect(await erasure).toMatchObject({ plays: earlier.length });
      expect(await store().plays.findPlay("ada", "later")).toBeDefined();
      expect(await store().plays.playCount()).toBe(1);
    });

    it("leaves what came behind the erasure's own record on the log", async () => {
      const { log, receipts } = store();
      const offsetsOf = async (topic: string): Promise<readonly bigint[]> =>
        (await log.read(topic, 0, 0n, 9)).map(({ offset }) => offset);
      for (const topic of ["plays.v1", "receipts.v1"]) {
        await log.append(Array.from({ length: 3 }, () => logEntry(topic, "ada")));
      }
      await receipts.putReceipts([receipt("r", { user: "ada" })]);
      await store().eraseUser("ada", { partition: 0, offset: 1n });
      expect(await offsetsOf("plays.v1")).toEqual([2n]);
      expect(await offsetsOf("receipts.v1")).toEqual([0n, 1n, 2n]);
      await receipts.putReceipts([receipt("r2", { user: "ada" })]);
      expect(await store().eraseReceiptsOf("ada", { partition: 0, offset: 1n })).toBe(1);
      expect(await offsetsOf("receipts.v1")).toEqual([2n]);
      expect(await receipts.findReceipt("r2")).toBeUndefined();
    });
  });
}
