// Real: SQLite in a file, with the schema of the Segue before live statistics.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toAppError } from "@segue/errors";
import { ALL_TIME, recountListening } from "@segue/statistics/live";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { play } from "../../test/samples.ts";
import { openStore, type Store } from "../open-store.ts";
import type { Play } from "../plays/play-repository.ts";
import { Database } from "../sql/database.ts";
import { migrate } from "../sql/migrate.ts";
import { migrationsFor } from "../sql/migrations.ts";
import { createSqliteDialect } from "../sqlite/sqlite-dialect.ts";

/** More than two steps of counting. */
const PLAY_COUNT = 90_000;
const USERS = ["ada", "bob", "eve"];
const START_MS = Date.UTC(2025, 11, 31, 12);
const EVERYTHING = { range: ALL_TIME, limit: 5 };

const STORED: readonly Play[] = Array.from({ length: PLAY_COUNT }, (_, index) =>
  play(`k${index}`, {
    user: USERS[index % USERS.length] ?? "",
    songId: `s${index % 700}`,
    playedAtMs: START_MS + index * 47_000,
    seconds: index % 300,
  }),
);

async function openOlder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "segue-counting-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "segue.db");
  const dialect = createSqliteDialect({ path });
  const database = new Database(await dialect.connect());
  await migrate(database, dialect, migrationsFor(dialect).slice(0, 1));
  await database.close();
  const raw = new DatabaseSync(path);
  const insert = raw.prepare(
    "insert into plays (sequence, identity, user_name, play_key, song_id, played_at, seconds) values (?, ?, ?, ?, ?, ?, ?)",
  );
  raw.exec("begin");
  for (const [index, each] of STORED.entries()) {
    const { user, key, songId, playedAtMs, seconds } = each;
    insert.run(index + 1, `older ${index}`, user, key, songId, playedAtMs, seconds);
  }
  raw.exec("commit");
  raw.exec(`update counters set value = ${PLAY_COUNT} where name = 'plays'`);
  raw.close();
  return path;
}

async function open(path: string): Promise<Store> {
  const store = await openStore({ path });
  onTestFinished(() => store.close());
  return store;
}

function recount(plays: Iterable<Play>) {
  return recountListening(plays, { ...EVERYTHING, facts: () => undefined });
}

describe("plays stored before there were live statistics", () => {
  it("are counted once, while others come, change and go", async () => {
    const store = await open(await openOlder());
    const plays = new Map(STORED.map((each) => [each.key, each]));
    const counting = store.listening.settle();
    const late = play("late", { user: "bob", playedAtMs: START_MS - 1 });
    await store.plays.appendPlays([late]);
    plays.set("late", late);
    await store.eraseUser("eve");
    for (const [key, each] of plays) if (each.user === "eve") plays.delete(key);
    await store.plays.appendPlays([{ ...late, seconds: 7 }]);
    plays.set("late", { ...late, seconds: 7 });
    await counting;
    expect(await store.listening.readListening(EVERYTHING)).toEqual(recount(plays.values()));
  });

  it("are counted on after a process ended in the middle", async () => {
    const path = await openOlder();
    const first = await openStore({ path });
    void first.listening.settle().catch(() => undefined);
    await first.plays.appendPlays([play("late", { user: "bob" })]);
    await first.close();
    const second = await open(path);
    await second.listening.settle();
    const all = [...STORED, play("late", { user: "bob" })];
    expect(await second.listening.readListening(EVERYTHING)).toEqual(recount(all));
  });

  it("are counted anew when a note does not fit them, which is told", async () => {
    const path = await openOlder();
    const first = await openStore({ path });
    await first.listening.settle();
    await first.close();
    const raw = new DatabaseSync(path);
    raw.exec(`insert into listening_notes (sequence, user_name, song_id, played_at, heard_ms, plays)
      values (1, 'ada', 's1', ${START_MS}, 123456789, -1)`);
    raw.exec("update counters set value = 1 where name = 'listening_notes'");
    raw.close();
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const second = await open(path);
    const answer = () =>
      second.listening.readListening(EVERYTHING).catch((error: unknown) => toAppError(error).code);
    await expect.poll(answer, { timeout: 60_000, interval: 100 }).not.toBe("STORE_UNAVAILABLE");
    expect(await answer()).toEqual(recount(STORED));
    expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
      expect.stringContaining("123456789"),
    ]);
  });

  it("are counted anew when the counting rules are not those of the counts", async () => {
    const path = await openOlder();
    const first = await openStore({ path });
    await first.listening.settle();
    await first.close();
    const raw = new DatabaseSync(path);
    raw.exec("update counters set value = 99 where name = 'listening_rules'");
    raw.close();
    const second = await open(path);
    await second.listening.settle();
    expect(await second.listening.readListening(EVERYTHING)).toEqual(recount(STORED));
  });
  it("are counted anew where songs have ids of which the counts now keep a digest", async () => {
    const folder = await mkdtemp(join(tmpdir(), "segue-counting-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "segue.db");
    const songId = "x".repeat(255);
    const first = await openStore({ path });
    await first.plays.appendPlays([play("long", { songId }), play("short")]);
    await first.listening.settle();
    await first.close();
    const raw = new DatabaseSync(path);
    raw.exec(`update heard_songs set identity = 'id:${songId}' where song_id = '${songId}'`);
    raw.exec("delete from schema_migrations where number > 2");
    raw.exec("delete from counters where name = 'song_facts'");
    raw.close();
    const warn = vi.spyOn(process, "emitWarning");
    onTestFinished(() => warn.mockRestore());
    const second = await open(path);
    await second.listening.settle();
    const again = play("long", { songId, seconds: 7 });
    await second.plays.appendPlays([again]);
    const plays = [again, play("short")];
    expect(await second.listening.readListening(EVERYTHING)).toEqual(recount(plays));
    // Counts that do not fit would be made again as well, but with a warning of damage.
    expect(warn).not.toHaveBeenCalled();
  });
});
