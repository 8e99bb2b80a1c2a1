import { describe, expect, test } from "vitest";
import { FIVE, startApi } from "./api-harness.ts";

describe("songs over HTTP", () => {
  test("are found by a search, with exactly the public fields", async () => {
    const { call } = await startApi();
    const { status, body } = await call("/v1/search?q=dancing%20quen");
    expect(status).toBe(200);
    expect(body).toEqual({
      songs: [
        {
          id: "song-0",
          title: "Dancing Queen",
          artist: "ABBA",
          album: null,
          year: 1976,
          genre: "Pop",
          seconds: 200,
        },
      ],
    });
  });

  test("are not searched for with less than three characters", async () => {
    const { call } = await startApi();
    for (const query of ["", "q=", "q=ab", "q=%20ab%20", "q=%F0%9F%8E%B5%F0%9F%8E%B5"]) {
      const { status, body } = await call(`/v1/search?${query}`);
      expect([query, status, body["code"]]).toEqual([query, 400, "REQUEST_INVALID"]);
    }
  });

  test("are searched with hostile and with long text as with any other", async () => {
    const { call } = await startApi();
    for (const text of ['"', "'; DROP TABLE songs; --", "%00abc", "*****", `${"x".repeat(900)}`]) {
      const { status } = await call(`/v1/search?q=${encodeURIComponent(text)}abc`);
      expect(status).toBe(200);
    }
    expect((await call(`/v1/search?q=${"x".repeat(1_001)}`)).status).toBe(400);
  });

  test.each(["0", "101", "-1", "1.5", "abc", "5&limit=6"])(
    "refuse a limit of %s",
    async (limit) => {
      const { call } = await startApi();
      const { status, body } = await call(`/v1/search?q=title&limit=${limit}`);
      expect([status, body["code"]]).toEqual([400, "REQUEST_INVALID"]);
    },
  );

  test("are given one by one, or 404", async () => {
    const { call } = await startApi();
    expect((await call("/v1/songs/song-7")).body).toMatchObject({ id: "song-7", title: "Title 7" });
    const missing = await call("/v1/songs/nothing");
    expect([missing.status, missing.body["code"]]).toEqual([404, "SONG_UNKNOWN"]);
    expect(missing.headers.get("content-type")).toContain("application/problem+json");
  });

  test("are verified in the order given, each once", async () => {
    const { post } = await startApi();
    const { status, body } = await post("/v1/songs/verify", { songs: [...FIVE, "song-1"] });
    expect(status).toBe(200);
    expect(body["songs"]).toMatchObject(FIVE.map((id) => ({ id })));
  });

  test("are what is played most, best first", async () => {
    const { call } = await startApi();
    const { body } = await call("/v1/trending?limit=2");
    expect(body["songs"]).toMatchObject([
      { id: "song-0", plays: 60 },
      { id: "song-1", plays: 59 },
    ]);
  });
});
