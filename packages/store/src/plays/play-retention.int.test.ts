// Real: SQLite in memory. Fake: the clock.
import { AppError } from "@segue/errors";
import { ALL_TIME } from "@segue/statistics/live";
import { expect, onTestFinished, test, vi } from "vitest";
import { play } from "../../test/samples.ts";
import { openStore } from "../open-store.ts";
import { startPlayRetention } from "./play-retention.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const NOW = Date.UTC(2026, 5, 1, 12);

async function openWithPlays() {
  const store = await openStore({ path: ":memory:" });
  onTestFinished(() => store.close());
  const times = [NOW - 30 * DAY_MS - 1, NOW - 30 * DAY_MS, NOW];
  await store.plays.appendPlays(
    times.map((playedAtMs, index) => play(`${index}`, { playedAtMs, songId: null, title: "T" })),
  );
  const entry = {
    topic: "plays.v1",
    partition: 0,
    key: "ada",
    value: Uint8Array.of(),
    headers: {},
  };
  await store.log.append(times.map((timestampMs) => ({ ...entry, timestampMs })));
  return store;
}

test("plays older than they are to be kept leave the figures, and the log", async () => {
  const store = await openWithPlays();
  const logger = { warn: vi.fn() };
  onTestFinished(startPlayRetention({ ...store, logger, now: () => NOW, days: 30 }));
  await vi.waitFor(async () => expect(await store.log.read("plays.v1", 0, 0n, 9)).toHaveLength(2));
  expect(await store.plays.playCount()).toBe(2);
  const found = await store.listening.readListening({ range: ALL_TIME, limit: 5 });
  expect([found.plays, found.firstPlayAtMs]).toEqual([2, NOW - 30 * DAY_MS]);
  expect(logger.warn).not.toHaveBeenCalled();
});

test("plays are looked at again, and kept while the database is away", async () => {
  const store = await openWithPlays();
  const away = new AppError("STORE_UNAVAILABLE", "Away.");
  const deletePlaysBefore = vi.fn(store.plays.deletePlaysBefore).mockRejectedValueOnce(away);
  const logger = { warn: vi.fn() };
  const plays = { deletePlaysBefore };
  const { log } = store;
  const options = { plays, log, logger, now: () => NOW, days: 30, intervalMs: 10 };
  onTestFinished(startPlayRetention(options));
  await vi.waitFor(async () => expect(await store.plays.playCount()).toBe(2));
  expect(logger.warn).toHaveBeenCalledWith({ err: away }, "plays.retention.failed");
});

test("plays are kept for ever where no days are set", async () => {
  const store = await openWithPlays();
  const deletePlaysBefore = vi.fn(store.plays.deletePlaysBefore);
  const logger = { warn: vi.fn() };
  const plays = { deletePlaysBefore };
  startPlayRetention({ plays, log: store.log, logger, now: () => NOW, days: 0, intervalMs: 1 })();
  expect(deletePlaysBefore).not.toHaveBeenCalled();
});
