/**
 * Live statistics of a real cluster of three API servers: plays that one accepts, over Kafka into the
 * database, in the figures of all, whoever of them dies. The model plays little part and has one stage.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ALL_TIME, recountListening, type SongFacts } from "@segue/statistics/live";
import type { Store } from "@segue/store";
import { eventually, seededRandom } from "@segue/testkit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Cluster, startCluster } from "./cluster.ts";
import { openClusterStore } from "./cluster-services.ts";
import { ListeningBook } from "./listening-book.ts";

const FLAGS = "--apis 3 --dispatchers 1 --replicas 1 --brokers 1 --analytics 0".split(" ");
const APIS = ["api-1", "api-2", "api-3"];
const SEED = 29;
const LIMIT = 50;
const ARRIVAL = { timeoutMs: 30_000, everyMs: 20 };

interface Song extends SongFacts {
  readonly id: string;
}

/** Of `/v1/stats` and `/v1/users/:user/stats`, as far as it is read here. */
interface Figures {
  readonly plays: number;
  readonly seconds: number;
  readonly songCount: number;
  readonly topSongs: readonly { readonly id: string; readonly plays: number }[];
}

interface Continuation {
  readonly songs: readonly { readonly id: string }[];
  readonly receipt: { readonly level: string; readonly history?: readonly string[] };
}

/** Of what was begun, in that order. */
const ends: (() => Promise<void>)[] = [];
let cluster: Cluster;
let store: Store;
let songs: readonly Song[];
let apis: readonly string[];

beforeAll(async () => {
  cluster = await startCluster({ flags: FLAGS, environment: { SEGUE_STAGES: "1" } });
  ends.push(() => cluster.stop());
  store = await openClusterStore(cluster);
  ends.push(() => store.close());
  apis = await Promise.all(
    APIS.map(async (replica) => `http://127.0.0.1:${(await cluster.process(replica)).port}`),
  );
  ({ songs } = await read<{ songs: readonly Song[] }>(apis[0], "/v1/search?q=love&limit=40"));
}, 300_000);

afterAll(async () => {
  for (const end of ends.reverse()) await end();
}, 60_000);

async function read<Body>(address: string | undefined, path: string): Promise<Body> {
  const response = await fetch(new URL(path, address));
  if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
  return (await response.json()) as Body;
}

async function post<Body>(address: string | undefined, path: string, body: object): Promise<Body> {
  const response = await fetch(new URL(path, address), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Body;
}

function tellPlays(address: string | undefined, user: string, songIds: readonly string[]) {
  const playedAt = new Date().toISOString();
  const plays = songIds.map((songId, index) => {
    return { user, key: `${user}-${songId}-${index}`, songId, playedAt, seconds: 200 };
  });
  return post(address, "/v1/plays", { plays });
}

describe("plays that one API server accepts", () => {
  it("are in the figures of every other one, and each tells its pages", async () => {
    const [first, ...others] = apis;
    const { plays: before } = await read<Figures>(first, "/v1/stats");
    const events = await Promise.all(others.map((address) => openEvents(address)));
    for (const stream of events) await stream.nextChange();
    await tellPlays(
      first,
      "ada",
      songs.slice(0, 20).map(({ id }) => id),
    );
    const acceptedAtMs = performance.now();
    const seenMs = await Promise.all(
      others.map(async (address, index) => {
        const seen = await eventually(
          async () => {
            const { plays } = await read<Figures>(address, "/v1/stats");
            return plays === before + 20 ? performance.now() - acceptedAtMs : undefined;
          },
          { ...ARRIVAL, what: "twenty more plays" },
        );
        await events[index]?.nextChange();
        return seen;
      }),
    );
    const told = seenMs.map((ms) => ms.toFixed(0)).join(" and ");
    process.stdout.write(`plays were in the figures of the other servers after ${told} ms\n`);
    for (const address of apis) {
      const { plays, songCount } = await read<Figures>(address, "/v1/users/ada/stats");
      expect([plays, songCount]).toEqual([20, 20]);
    }
  });

  it("change what the listener is continued with by another one", async () => {
    const [first, second, third] = apis;
    const picks = songs.slice(0, 5).map(({ id }) => id);
    const played = songs.slice(-3).map(({ id }) => id);
    const question = { songs: picks, user: "eve", limit: 20 };
    const before = await eventually(() => fullAnswer(second, question), {
      ...ARRIVAL,
      what: "a full answer",
    });
    expect(before.receipt.history ?? []).toEqual([]);
    await tellPlays(first, "eve", played);
    const acceptedAtMs = performance.now();
    for (const address of [second, third]) {
      const after = await eventually(
        async () => {
          const answer = await fullAnswer(address, question);
          return answer?.receipt.history?.length === played.length ? answer : undefined;
        },
        { ...ARRIVAL, what: "a continuation that heard the plays" },
      );
      expect(after.receipt.history?.toSorted()).toEqual(played.toSorted());
      expect(after.songs.map(({ id }) => id)).not.toEqual(before.songs.map(({ id }) => id));
    }
    const ms = (performance.now() - acceptedAtMs).toFixed(0);
    process.stdout.write(
      `plays were heard by recommendations of two other servers after ${ms} ms\n`,
    );
  });

  it("are counted exactly, edited and taken back too, while servers that store them die", async () => {
    const { plays: before } = await read<Figures>(apis[2], "/v1/stats");
    const users = ["ben", "cleo", "dan", "fay", "gus", "hal"];
    const songIds = songs.map(({ id }) => id);
    const book = new ListeningBook({ users, songIds, addresses: apis, random: seededRandom(SEED) });
    const enough = new AbortController();
    onTestFinished(() => enough.abort());
    const filling = book.fill(enough.signal);
    for (const replica of ["api-1", "api-2"]) {
      await pause(1_500);
      await cluster.kill(replica, "SIGKILL");
      await pause(2_500);
      await cluster.revive(replica);
    }
    enough.abort();
    await filling;
    expect(book.callsAgain).toBeGreaterThan(0);
    const { plays } = book;
    const facts = factsOf(songs);
    const counted = plays.map((play) => ({ ...play, title: null, artist: null }));
    for (const user of users) {
      const question = { range: ALL_TIME, limit: LIMIT, user };
      const expected = recountListening(counted, { ...question, facts });
      expect(expected.plays).toBeGreaterThan(10);
      await eventually(
        async () => {
          const figures = await store.listening.readListening(question);
          return figures.plays === expected.plays && figures.heardMs === expected.heardMs
            ? true
            : undefined;
        },
        { ...ARRIVAL, what: `${expected.plays} plays of ${user}` },
      );
      expect(await store.listening.readListening(question)).toEqual(expected);
      for (const address of apis) {
        const figures = await read<Figures>(address, `/v1/users/${user}/stats?limit=${LIMIT}`);
        expect(figures).toMatchObject({
          plays: expected.plays,
          seconds: Math.round(expected.heardMs / 1000),
          songCount: expected.songCount,
          topSongs: expected.topSongs.map((song) => ({ id: song.songId, plays: song.plays })),
        });
      }
    }
    const countedOf = (user: string) =>
      recountListening(counted, { range: ALL_TIME, limit: 0, user, facts }).plays;
    const sum = users.reduce((total, user) => total + countedOf(user), 0);
    for (const address of apis) {
      expect((await read<Figures>(address, "/v1/stats")).plays).toBe(before + sum);
    }
    process.stdout.write(
      `${plays.length} plays of ${users.length} listeners, ${book.callsAgain} calls sent again\n`,
    );
  });
});

function factsOf(known: readonly Song[]): (songId: string) => SongFacts | undefined {
  const byId = new Map(known.map((song) => [song.id, song]));
  return (songId) => byId.get(songId);
}

async function fullAnswer(
  address: string | undefined,
  question: object,
): Promise<Continuation | undefined> {
  const answer = await post<Continuation>(address, "/v1/recommendations", question);
  return answer.receipt.level === "full" ? answer : undefined;
}

async function openEvents(address: string): Promise<{ nextChange(): Promise<void> }> {
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const response = await fetch(new URL("/v1/stats/events", address), { signal: closing.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async nextChange() {
      for (;;) {
        const [event] = /event: changed\n.*\n\n/.exec(text) ?? [];
        if (event !== undefined) {
          text = text.slice(text.indexOf(event) + event.length);
          return;
        }
        const next = await reader?.read();
        if (next === undefined || next.done) throw new Error("The stream of events ended");
        text += next.value;
      }
    },
  };
}
