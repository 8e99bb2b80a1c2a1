/** Aggregates that do not fit the plays, as after a fault: what servers on one database make of them. */
import { toAppError } from "@segue/errors";
import { ALL_TIME, recountListening } from "@segue/statistics/live";
import type { KyselyPlugin } from "kysely";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startOver, takeSomeToFill } from "../src/listening/listening-filling.ts";
import { settleSomeListening, settleStep } from "../src/listening/settle-listening.ts";
import { openStoreOf, type Store } from "../src/open-store.ts";
import type { Play } from "../src/plays/play-repository.ts";
import { Database } from "../src/sql/database.ts";
import type { SqlDialect } from "../src/sql/dialect.ts";
import { play } from "./samples.ts";

export interface DamageableDatabase {
  readonly dialect: SqlDialect;
  /** Past Segue. */
  run(...statements: readonly string[]): Promise<unknown>;
}

const START_MS = Date.UTC(2026, 2, 1);
const MINUTE_MS = 60_000;
const BEFORE_K3_MS = START_MS + 2_999_999;
const USERS = ["ada", "bob", "eve"];
const PLAYS: readonly Play[] = Array.from({ length: 9 }, (_, index) =>
  play(`k${index}`, {
    user: USERS[index % USERS.length] ?? "",
    songId: `s${index % 2}`,
    playedAtMs: START_MS + index * 1_000_000,
    seconds: 100 + index,
  }),
);
const EVERYTHING = { range: ALL_TIME, limit: 5 };

export function describeDamage(open: () => Promise<DamageableDatabase>): void {
  describe("statistics that do not fit the stored plays", () => {
    it.each([0, 4])(
      "never answer from part of the counts, at whatever moment another server begins anew and has counted %i",
      async (counted) => {
        const { dialect } = await filled(open);
        const other = await openDatabase(dialect);
        const beginAnew = async () => {
          await other.write(startOver);
          if (counted === 0) return;
          await other.write((transaction) =>
            settleStep(transaction, () => takeSomeToFill(transaction, counted)),
          );
        };
        for (const [name, ask] of Object.entries(QUESTIONS)) {
          const exact = await askAndMeanwhile(dialect, ask, Number.POSITIVE_INFINITY, beginAnew);
          for (let read = 0, wasInTime = true; wasInTime; read += 1) {
            wasInTime = false;
            const answer = await askAndMeanwhile(dialect, ask, read, async () => {
              wasInTime = true;
              await beginAnew();
            });
            if (answer !== COUNTING) expect([name, read, answer]).toEqual([name, read, exact]);
            while (await settleSomeListening(other, { onDamage: fail }));
          }
        }
      },
    );

    it("are begun anew by one of several servers that meet the same damage", async () => {
      const { dialect, run } = await filled(open);
      const warnings = collectWarnings();
      const servers = await Promise.all([1, 2, 3].map(() => openServer(dialect)));
      await run(takeBackUncounted(7));
      await Promise.all(servers.map((server) => server.listening.settle()));
      expect(warnings()).toHaveLength(1);
      for (const server of servers) await expectRecount(server, PLAYS);
    });

    it("are told with the note and its user, without what was heard, and with what to do", async () => {
      const { dialect, run } = await filled(open);
      const warnings = collectWarnings();
      await run(takeBackUncounted(17));
      const server = await openServer(dialect);
      await server.listening.settle();
      const [warning] = warnings();
      expect(warning).toMatch(/note 17 takes back a play of "bob" that was never counted/);
      expect(warning).toMatch(/made again from all plays, now.*`segue db check`/);
      expect(warning).not.toContain("s1");
    });

    it("wait longer and longer where damage comes again, questions say so, and then heal", async () => {
      const { dialect, run } = await filled(open);
      vi.useFakeTimers({ toFake: ["performance"] });
      onTestFinished(() => void vi.useRealTimers());
      const warnings = collectWarnings();
      const server = await openServer(dialect);
      for (const sequence of [7, 8]) {
        await run(takeBackUncounted(sequence));
        await server.listening.settle().catch(() => undefined);
      }
      expect(warnings()[0]).toContain("from all plays, now");
      expect(warnings()[1]).toContain("after a pause of 1 min");
      const plays = PLAYS.length;
      for (const ask of [
        server.listening.settle,
        () => server.listening.readListening(EVERYTHING),
      ]) {
        const error = toAppError(await ask().catch((thrown: unknown) => thrown));
        expect(error).toMatchObject({
          code: "STORE_UNAVAILABLE",
          details: { reason: COUNTING, plays },
        });
      }
      vi.advanceTimersByTime(MINUTE_MS);
      await server.listening.settle();
      await expectRecount(server, PLAYS);
    });

    it("do not keep a user from being erased", async () => {
      const { dialect, run } = await filled(open);
      const warnings = collectWarnings();
      const server = await openServer(dialect);
      await run(takeBackUncounted(7));
      expect(await server.eraseUser("ada", undefined, 2)).toMatchObject({ plays: 3 });
      expect(warnings()).toHaveLength(1);
      await server.listening.settle();
      await expectRecount(
        server,
        PLAYS.filter(({ user }) => user !== "ada"),
      );
    });

    it("leave out stored plays that cannot be counted, which is told, and count all others", async () => {
      const { dialect, run } = await filled(open);
      const warnings = collectWarnings();
      await run(
        "update plays set seconds = 1e300 where play_key = 'k1'",
        // In the quarter of an hour of the first that counts, and before it.
        `update plays set seconds = -1, played_at = ${BEFORE_K3_MS} where play_key = 'k0'`,
        "update plays set played_at = 9000000000000000 where play_key = 'k2'",
      );
      const begin = await openDatabase(dialect);
      await begin.write(startOver);
      const server = await openServer(dialect);
      await server.listening.settle();
      expect(warnings()).toEqual([
        expect.stringMatching(/^3 plays .*number 1 of user "ada" \(start \d+, -1 s\)/),
      ]);
      const plays = PLAYS.map((each): Play => {
        if (each.key === "k0") return { ...each, seconds: -1, playedAtMs: BEFORE_K3_MS };
        if (each.key === "k1") return { ...each, seconds: 1e300 };
        return each.key === "k2" ? { ...each, playedAtMs: 9e15 } : each;
      });
      await expectRecount(server, plays);
      expect(await server.listening.listeners({ prefix: "ada", limit: 1 })).toMatchObject([
        { plays: 2, firstPlayAtMs: PLAYS[3]?.playedAtMs },
      ]);
      for (const [index, { user, key }] of plays.entries()) {
        expect(await server.plays.deletePlay(user, key)).toBe(true);
        await expectRecount(server, plays.slice(index + 1));
      }
    });

    it("heal where a sum is wrong, which no note explains", async () => {
      const { dialect, run } = await filled(open);
      const warnings = collectWarnings();
      await run("delete from listening_tallies where kind = 'song-month'");
      const server = await openServer(dialect);
      await server.plays.deletePlay("ada", "k0");
      await server.listening.settle();
      expect(warnings()).toEqual([expect.stringMatching(/1 changes of "ada", of them 1 notes/)]);
      await expectRecount(server, PLAYS.slice(1));
    });
  });
}

type Ask = (store: Store) => Promise<unknown>;

const QUESTIONS: Readonly<Record<string, Ask>> = {
  everybody: ({ listening }) => listening.readListening(EVERYTHING),
  user: ({ listening }) => listening.readListening({ ...EVERYTHING, user: "eve" }),
  part: ({ listening }) => listening.readPart(EVERYTHING, { includes: () => true }),
  "first song": ({ listening }) => listening.firstSong("eve", ALL_TIME),
  "top songs": ({ listening }) => listening.topSongs(ALL_TIME, 5),
  listeners: ({ listening }) => listening.listeners({ limit: 5 }),
  "listener count": ({ listening }) => listening.listenerCount(),
  "listener revision": async ({ listening }) => (await listening.listenerRevision("eve")) > 0,
};

const COUNTING = "counting";

/** The answer, or COUNTING. Something happens behind the read of that number, from 0. */
async function askAndMeanwhile(
  dialect: SqlDialect,
  ask: Ask,
  number: number,
  happen: () => Promise<void>,
): Promise<unknown> {
  let left = Number.POSITIVE_INFINITY;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      left -= 1;
      if (left === -1) await happen();
      return result;
    },
  };
  const store = await openStoreOf({
    ...dialect,
    connect: async () => {
      const connections = await dialect.connect();
      return { ...connections, reader: connections.reader.withPlugin(plugin) };
    },
  });
  try {
    left = number;
    return await ask(store);
  } catch (thrown) {
    const { code, details } = toAppError(thrown);
    expect([code, details["reason"]]).toEqual(["STORE_UNAVAILABLE", COUNTING]);
    return COUNTING;
  } finally {
    left = Number.POSITIVE_INFINITY;
    await store.close();
  }
}

async function filled(open: () => Promise<DamageableDatabase>): Promise<DamageableDatabase> {
  const database = await open();
  const store = await openStoreOf(database.dialect);
  await store.plays.appendPlays(PLAYS);
  await store.listening.settle();
  await store.close();
  return database;
}

async function openServer(dialect: SqlDialect): Promise<Store> {
  const store = await openStoreOf(dialect);
  onTestFinished(() => store.close());
  return store;
}

async function openDatabase(dialect: SqlDialect): Promise<Database> {
  const database = new Database(await dialect.connect());
  onTestFinished(() => database.close());
  return database;
}

/** A note of a play that nobody counted. */
function takeBackUncounted(sequence: number): string {
  return `insert into listening_notes (sequence, user_name, song_id, played_at, heard_ms, plays)
    values (${sequence}, 'bob', 's1', ${START_MS}, 123456789, -1)`;
}

async function expectRecount(store: Store, plays: readonly Play[]): Promise<void> {
  expect(await store.listening.readListening(EVERYTHING)).toEqual(
    recountListening(plays, { ...EVERYTHING, facts: () => undefined }),
  );
}

/** Their texts so far. */
function collectWarnings(): () => readonly string[] {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  onTestFinished(() => warn.mockRestore());
  return () => warn.mock.calls.map(([message]) => String(message));
}

function fail(damage: Error): void {
  throw damage;
}
