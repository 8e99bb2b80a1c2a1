// Real: SQLite in memory, which binds no more than 32,766 values in one statement.
import { ALL_TIME } from "@segue/statistics/live";
import { describe, expect, it, onTestFinished } from "vitest";
import { Database } from "../sql/database.ts";
import { migrate } from "../sql/migrate.ts";
import { createSqliteDialect } from "../sqlite/sqlite-dialect.ts";
import { changeListeners, numberListeners } from "./listeners.ts";
import { readEverybody } from "./read-listening.ts";
import { SongFacts } from "./song-facts.ts";
import type { CountChange } from "./tally.ts";
import { TallyChanges } from "./tally-changes.ts";

const LISTENER_COUNT = 33_000;
const TIME = Date.UTC(2026, 2, 1);

describe("the listening of everybody", () => {
  it("names the first of more equal listeners than one statement takes", async () => {
    const dialect = createSqliteDialect({ path: ":memory:" });
    const database = new Database(await dialect.connect());
    onTestFinished(() => database.close());
    await migrate(database, dialect);
    const names = Array.from({ length: LISTENER_COUNT }, (_, index) => `user ${10_000 + index}`);
    await database.write(async (transaction) => {
      const listeners = await numberListeners(transaction, names.toReversed());
      const tallies = new TallyChanges();
      const sums = new Map<number, CountChange>();
      for (const { number } of listeners.values()) {
        tallies.count("listener", number, TIME, 1, 1_000);
        tallies.countTime(TIME, 1, 1_000);
        sums.set(number, { plays: 1, heardMs: 1_000 });
      }
      await tallies.write(transaction);
      await changeListeners(transaction, listeners.values(), sums, 1);
    });
    const everybody = await readEverybody(
      database.read,
      { range: ALL_TIME, limit: 2 },
      new SongFacts(),
    );
    expect(everybody.listenerCount).toBe(LISTENER_COUNT);
    expect(everybody.topListeners.map(({ name }) => name)).toEqual(["user 10000", "user 10001"]);
  });
});
