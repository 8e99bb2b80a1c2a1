import { setTimeout } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { PLAYED_AT_MS_END } from "../src/plays/play-limits.ts";
import { FIVE, startApi } from "./api-harness.ts";

/** What the server adds to a request's deadline for the rest of its handling. */
const HANDLING_MS = 4_000;

const PLAY = { user: "ada", songId: "song-7", playedAt: "2026-03-01T20:15:00Z", seconds: 187.5 };
/** As it comes over the topic, from whoever may write to it. */
const STORED = {
  user: "ada",
  key: "s",
  songId: "song-1",
  title: null,
  artist: null,
  session: null,
};
const plays = (...changes: object[]) => ({
  plays: changes.map((change, index) => ({ ...PLAY, key: `p-${index}`, ...change })),
});

describe("statistics over HTTP", () => {
  test("say what was heard, when and how often", async () => {
    const { call, post } = await startApi();
    const sent = plays(
      {},
      { playedAt: "2026-03-01T20:20:00Z" },
      { playedAt: "2026-03-02T23:30:00Z", songId: "song-0", seconds: 10 },
      { user: "eve", songId: undefined, title: "Never Recorded", artist: "Nobody" },
    );
    expect((await post("/v1/plays", sent)).status).toBe(202);
    await vi.waitFor(async () => {
      expect((await call("/v1/stats")).body["plays"]).toBe(4);
    });
    const { status, body } = await call("/v1/users/ada/stats?tz=Europe/Berlin&limit=1");
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        user: "ada",
        from: null,
        to: null,
        timeZone: "Europe/Berlin",
        plays: 3,
        seconds: 385,
        songCount: 2,
        artistCount: 2,
        daysActive: 2,
        firstPlay: "2026-03-01T20:15:00.000Z",
        lastPlay: "2026-03-02T23:30:00.000Z",
        topSongs: [
          expect.objectContaining({ id: "song-7", seconds: 200, plays: 2, listenedSeconds: 375 }),
        ],
        topArtists: [{ artist: "Artist 7", plays: 2, seconds: 375 }],
        topGenres: [{ genre: "Pop", plays: 3, seconds: 385, share: 1 }],
        sessions: { count: 2, longestSeconds: 488, averageSeconds: 249 },
        topUsers: [],
      }),
    ]);
    // 2026-03-03 00:30 in Berlin is a Tuesday.
    const heatmap = body["heatmap"] as number[][];
    expect([heatmap[6]?.[21], heatmap[1]?.[0]]).toEqual([2, 1]);
    expect(body["overTime"]).toEqual({
      unit: "day",
      points: [
        { from: "2026-03-01", plays: 2, seconds: 375 },
        { from: "2026-03-02", plays: 0, seconds: 0 },
        { from: "2026-03-03", plays: 1, seconds: 10 },
      ],
    });
    const everybody = await call("/v1/stats?from=2026-03-01&to=2026-03-01");
    expect(everybody.body).toMatchObject({
      user: null,
      from: "2026-03-01T00:00:00.000Z",
      to: "2026-03-02T00:00:00.000Z",
      plays: 3,
      listenerCount: 2,
      topUsers: [
        { user: "ada", plays: 2, seconds: 375 },
        { user: "eve", plays: 1, seconds: 187.5 },
      ],
    });
    const named = (everybody.body["topSongs"] as object[])[1];
    expect(named).toMatchObject({ id: null, title: "Never Recorded", artist: "Nobody" });
  });

  test("tell a part: an artist, a genre, an hour of the week in the zone", async () => {
    const { call, post } = await startApi();
    const sent = plays(
      {},
      { playedAt: "2026-03-08T20:20:00Z", songId: "song-27" },
      { playedAt: "2026-03-02T23:30:00Z", songId: "song-0", seconds: 10 },
      { user: "eve", songId: undefined, title: "Never Recorded", artist: "Nobody" },
    );
    expect((await post("/v1/plays", sent)).status).toBe(202);
    await vi.waitFor(async () => {
      expect((await call("/v1/stats")).body["plays"]).toBe(4);
    });
    const artist = await call("/v1/stats/part?artist=Artist%207&limit=1");
    expect([artist.status, artist.body]).toEqual([
      200,
      {
        user: null,
        from: null,
        to: null,
        timeZone: "UTC",
        plays: 2,
        seconds: 375,
        songCount: 2,
        artistCount: 1,
        topSongs: [expect.objectContaining({ id: "song-27", genre: "Pop", plays: 1 })],
        topArtists: [{ artist: "Artist 7", plays: 2, seconds: 375 }],
        topGenres: [{ genre: "Pop", plays: 2, seconds: 375, share: 1 }],
        daysActive: 2,
        heatmap: expect.any(Array) as unknown,
        overTime: {
          unit: "day",
          points: ["01", "02", "03", "04", "05", "06", "07", "08"].map((day) => {
            const plays = day === "01" || day === "08" ? 1 : 0;
            return { from: `2026-03-${day}`, plays, seconds: 187.5 * plays };
          }),
        },
        rules: 1,
      },
    ]);
    // Both on a Sunday at eight in the evening.
    const heatmap = artist.body["heatmap"] as number[][];
    expect([heatmap[6]?.[20], heatmap.flat().filter(Boolean).length]).toEqual([2, 1]);
    const weeks = await call("/v1/users/ada/stats/part?artist=Artist%207&unit=week");
    expect(weeks.body["overTime"]).toEqual({
      unit: "week",
      points: ["2026-02-23", "2026-03-02"].map((from) => ({ from, plays: 1, seconds: 187.5 })),
    });
    expect((await call("/v1/users/ada/stats/part?genre=")).body).toMatchObject({ plays: 0 });
    expect((await call("/v1/stats/part?genre=")).body).toMatchObject({
      plays: 1,
      topArtists: [{ artist: "Nobody" }],
    });
    // 2026-03-03 00:30 in Berlin is a Tuesday.
    const hour = "tz=Europe/Berlin&weekday=tuesday&hour=0";
    for (const path of ["/v1/stats", "/v1/users/ada/stats"]) {
      expect((await call(`${path}/part?${hour}`)).body).toMatchObject({
        plays: 1,
        topSongs: [{ id: "song-0" }],
      });
    }
    const sundays = await call("/v1/stats/part?weekday=sunday&to=2026-03-07");
    expect(sundays.body).toMatchObject({ plays: 2, to: "2026-03-08T00:00:00.000Z" });
    for (const wrong of [
      "",
      "?weekday=someday",
      "?hour=24",
      "?artist=A&from=2026-03-02&to=2026-03-01",
    ]) {
      const { status, body } = await call(`/v1/stats/part${wrong}`);
      expect([status, body["code"]], wrong).toEqual([400, "REQUEST_INVALID"]);
    }
  });

  test("follow an edit and a retraction", async () => {
    const { call, post } = await startApi();
    await post("/v1/plays", plays({}, {}, {}));
    await post("/v1/plays", { plays: [{ ...PLAY, key: "p-0", songId: "song-1" }] });
    await call("/v1/plays/p-1?user=ada", { method: "DELETE" });
    await vi.waitFor(async () => {
      const { body } = await call("/v1/users/ada/stats");
      const songs = body["topSongs"] as { id: string; plays: number }[];
      expect(songs.map((each) => [each.id, each.plays])).toEqual([
        ["song-1", 1],
        ["song-7", 1],
      ]);
    });
  });

  test("name the users there are, those who play most first", async () => {
    const { call, post } = await startApi();
    await post("/v1/plays", plays({}, { user: "eve" }, { user: "eve" }, { user: "adam" }));
    await vi.waitFor(async () => {
      const { body } = await call("/v1/users?limit=2");
      expect(body).toMatchObject({ users: [{ user: "eve", plays: 2 }, { plays: 1 }], total: 3 });
    });
    const { body } = await call("/v1/users?q=ada");
    expect((body["users"] as { user: string }[]).map(({ user }) => user)).toEqual(["ada", "adam"]);
  });

  test("review a year", async () => {
    const { call, post } = await startApi();
    const sent = plays(
      { playedAt: "2024-12-31T23:30:00Z", songId: "song-1" },
      { playedAt: "2024-06-01T10:00:00Z", songId: "song-2" },
      { playedAt: "2025-05-05T18:00:00Z", songId: "song-1" },
      { playedAt: "2025-05-05T18:10:00Z" },
    );
    await post("/v1/plays", sent);
    await vi.waitFor(async () => {
      expect((await call("/v1/users/ada/stats")).body["plays"]).toBe(4);
    });
    const { body } = await call("/v1/users/ada/review/2025?tz=Europe/Berlin");
    expect(body).toMatchObject({
      user: "ada",
      year: 2025,
      plays: 3,
      newArtistCount: 2,
      busiestDay: { day: "2025-05-05", plays: 2 },
      busiestHour: 20,
      firstSong: { id: "song-1", plays: 2 },
      previousYear: { plays: 1, seconds: 187.5 },
    });
    const months = body["months"] as { plays: number; topSong: { id: string } | null }[];
    expect(months.map((month) => month.plays)).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect([months[0]?.topSong?.id, months[1]?.topSong]).toEqual(["song-1", null]);
    const { body: everybody } = await call("/v1/stats/review/2025?tz=Europe/Berlin");
    expect(everybody).toEqual({ ...body, user: null, firstSong: null });
  });

  test("have zeros for a user without plays", async () => {
    const { call } = await startApi();
    const { status, body } = await call("/v1/users/nobody/stats");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      plays: 0,
      topSongs: [],
      firstPlay: null,
      streak: { current: 0, longest: 0, currentDays: null, longestDays: null },
      sessions: { count: 0, longestSeconds: 0, averageSeconds: 0 },
      overTime: { unit: "day", points: [] },
    });
    expect((await call("/v1/users/nobody/review/2025")).body).toMatchObject({ plays: 0 });
  });

  test("draw a time that is long in a unit that is long as well", async () => {
    const { call, post, store } = await startApi();
    await post("/v1/plays", plays({}, { playedAt: "1900-01-01T00:00:00Z" }));
    await vi.waitFor(async () => {
      expect((await call("/v1/stats")).body["plays"]).toBe(2);
    });
    const whole = (await call("/v1/stats")).body["overTime"] as { unit: string; points: object[] };
    expect([whole.unit, whole.points.length]).toEqual(["month", 126 * 12 + 3]);
    const { status, body } = await call("/v1/stats?unit=day");
    expect([status, body["code"]]).toEqual([400, "REQUEST_INVALID"]);
    expect(body["detail"]).toContain(
      "from 1900-01-01 to 2026-03-01 by day would be about 46081 points",
    );
    expect((await call("/v1/stats?unit=day&from=2020-01-01")).status).toBe(200);
    await store.plays.appendPlays([{ ...STORED, seconds: 9, playedAtMs: PLAYED_AT_MS_END - 1 }]);
    const longest = (await call("/v1/stats")).body["overTime"] as { points: object[] };
    expect(longest.points.length).toBeGreaterThan(3_000);
    expect(longest.points.length).toBeLessThanOrEqual(5_000);
  });

  test("are refused for a wrong zone or period", async () => {
    const { call } = await startApi();
    const wrong = [
      "tz=Mars/Olympus",
      "tz=",
      "from=yesterday",
      "from=2026-13-01",
      "from=2026-03-02&to=2026-03-01",
      "from=2026-03-01T20:10:00Z&to=2026-03-01T20:05:00Z",
      "tz=%2B00:07",
      "limit=0",
      "unit=year",
    ];
    for (const query of wrong) {
      const { status, body } = await call(`/v1/stats?${query}`);
      expect([query, status, body["code"]]).toEqual([query, 400, "REQUEST_INVALID"]);
    }
    expect((await call("/v1/stats?tz=Mars/Olympus")).body["detail"]).toContain("Europe/Berlin");
    expect((await call("/v1/users/ada/review/-1")).status).toBe(400);
  });

  test("tell over an open connection that they changed, on another server too", async () => {
    const { post, startAnother } = await startApi();
    const other = await startAnother();
    const everybody = await openEvents(`${other.address}/v1/stats/events`);
    const eve = await openEvents(`${other.address}/v1/stats/events?user=eve`);
    await everybody.next();
    await eve.next();
    await post("/v1/plays", plays({}));
    const first = await everybody.next();
    await post("/v1/plays", plays({ user: "eve" }));
    expect((await everybody.next()).revision).toBeGreaterThan(first.revision);
    // The first that eve is told of is the play of her own.
    expect((await eve.next()).revision).toBeGreaterThan(first.revision);
  });

  test("tell there that the catalogue says something else of what was heard", async () => {
    const { post, address, store, songs } = await startApi();
    await post("/v1/plays", plays({ songId: songs[7]?.id }));
    await vi.waitFor(async () => expect(await store.plays.playCount()).toBe(1));
    const streams = [
      await openEvents(`${address}/v1/stats/events`),
      await openEvents(`${address}/v1/stats/events?user=ada`),
    ];
    const before = await Promise.all(streams.map((stream) => stream.next()));
    await store.songs.upsertSongs(songs.map((song) => ({ ...song, artist: "Somebody Else" })));
    const after = await Promise.all(streams.map((stream) => stream.next()));
    for (const [index, { revision }] of after.entries()) {
      expect(revision).toBeGreaterThan(before[index]?.revision ?? 0);
    }
  });

  test("keep that connection for longer than any answer may take", async () => {
    const requestDeadlineMs = 100;
    const { post, address } = await startApi({ options: { requestDeadlineMs } });
    const everybody = await openEvents(`${address}/v1/stats/events`);
    const { revision } = await everybody.next();
    await setTimeout(requestDeadlineMs + HANDLING_MS + 300);
    await post("/v1/plays", plays({}));
    expect((await everybody.next()).revision).toBeGreaterThan(revision);
  });
});

describe("recommendations", () => {
  test("hear what was just played, on whichever server", async () => {
    const { post, startAnother, asked } = await startApi();
    const other = await startAnother();
    const playedAt = new Date().toISOString();
    await post("/v1/plays", plays({ playedAt, songId: "song-30" }));
    await vi.waitFor(async () => {
      await other.post("/v1/recommendations", { songs: FIVE, user: "ada" });
      expect(asked.at(-1)?.historySongIds).toEqual(["song-30"]);
    });
    await post("/v1/plays", { plays: [{ ...PLAY, key: "p-0", playedAt, songId: "song-31" }] });
    await vi.waitFor(async () => {
      await other.post("/v1/recommendations", { songs: FIVE, user: "ada" });
      expect(asked.at(-1)?.historySongIds).toEqual(["song-31"]);
    });
  });
});

/** The `changed` events of an event stream, one after the other. */
async function openEvents(address: string): Promise<{ next(): Promise<{ revision: number }> }> {
  const response = await fetch(address);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      for (;;) {
        const found = /event: changed\ndata: (.*)\n\n/.exec(text);
        if (found !== null) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1] ?? "") as { revision: number };
        }
        const read = await reader?.read();
        if (read === undefined || read.done) throw new Error("The stream of events ended");
        text += read.value;
      }
    },
  };
}
