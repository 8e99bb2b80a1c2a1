import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store, type StoredSession } from "@segue/store";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { ImportReport } from "./import-report.ts";
import { importSessions } from "./import-sessions.ts";

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "segue-import-"));
  store = await openStore({ path: ":memory:" });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  await store.songs.upsertSongs(
    ["s1", "s2", "s3"].map((id) => ({
      id,
      title: `Title ${id}`,
      artist: "Artist",
      album: null,
      year: null,
      genre: null,
      seconds: null,
    })),
  );
});

async function importing(content: string): Promise<ImportReport> {
  const path = join(folder, "sessions.txt");
  await writeFile(path, content);
  const report = await importSessions(store, path);
  const { imported, updated, duplicate, malformed, unknownSong } = report;
  expect(imported + updated + duplicate + malformed + unknownSong).toBe(report.rows);
  return report;
}

async function sessions(): Promise<string[]> {
  const found: StoredSession[] = [];
  for await (const batch of store.sessions.iterateSessions()) found.push(...batch);
  return found.map((each) => `${each.user} ${each.songIds.join()}`);
}

describe("session import", () => {
  it("splits a listener's plays at pauses", async () => {
    const csv =
      "User,Timestamp,Song ID\n" +
      "ada,2026-01-01T10:00:00Z,s1\n" +
      "ada,2026-01-01T10:04:00Z,s2\n" +
      "bob,1767261600,s3\n" +
      "ada,2026-01-01T12:00:00Z,s3\n";
    expect(await importing(csv)).toMatchObject({ format: "csv", rows: 4, imported: 4 });
    expect(await sessions()).toEqual(["ada s1,s2", "bob s3", "ada s3"]);
    expect(await importing(csv)).toMatchObject({ rows: 4, duplicate: 4 });
    expect(await store.plays.playCount()).toBe(4);
  });

  it("takes sessions as they are named, without times in the order of the file", async () => {
    const csv =
      "session_id,artist,title\nx,artist, TITLE S2\ny,Artist,Title s1\nx,Artist,Title s2\n";
    expect(await importing(csv)).toMatchObject({ rows: 3, imported: 3 });
    expect((await sessions()).map((each) => each.split(" ")[1])).toEqual(["s2,s2", "s1"]);
    expect(await importing(csv)).toMatchObject({ rows: 3, duplicate: 3 });
  });

  it("takes whole sessions from JSON Lines, songs by id or by name", async () => {
    const lines = [
      { user: "ada", startedAt: "2026-01-01T10:00:00Z", songs: ["s1", "s2"] },
      {
        id: "b",
        startedAt: 1767225600,
        songs: [{ id: "s3" }, { artist: "ARTIST", title: "title S1" }],
      },
      { user: "ada", timestamp: "2026-01-02T10:00:00Z", songId: "s1" },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    expect(await importing(text)).toMatchObject({ format: "jsonl", rows: 3, imported: 3 });
    expect(await sessions()).toEqual(["null s3,s1", "ada s1,s2", "ada s1"]);
    expect(await importing(text)).toMatchObject({ rows: 3, duplicate: 3 });
    expect((await store.songs.songsByIds(["s1"])).get("s1")?.popularity).toBe(3);
  });

  it("names the songs that the catalogue does not know", async () => {
    const report = await importing(
      '{"session":"x","songId":"s9"}\n' +
        '{"session":"x","artist":"A","title":"T"}\n' +
        '{"id":"y","songs":["s1","s8"]}\n' +
        '{"session":"x","songId":"s1"}\n',
    );
    expect(report).toMatchObject({ rows: 4, imported: 1, unknownSong: 3, malformed: 0 });
    expect(report.problems.map(({ line, reason }) => `${line}: ${reason.split(";")[0]}`)).toEqual([
      "1: the catalogue has no song with the id s9",
      "2: the catalogue has no song A - T",
      "3: the catalogue has no song with the id s8",
    ]);
  });

  it("says what is wrong with rows that are no plays", async () => {
    const report = await importing(
      '{"songId":"s1"}\n' +
        '{"user":"ada","songId":"s1"}\n' +
        '{"user":"ada","timestamp":"soon","songId":"s1"}\n' +
        '{"session":"x"}\n' +
        '{"session":"x","title":"T"}\n' +
        '{"id":"y","songs":[]}\n' +
        '{"id":"y","songs":"s1"}\n' +
        '{"id":"y","songs":[[]]}\n' +
        "[1]\n" +
        "nonsense\n",
    );
    expect(report).toMatchObject({ rows: 10, malformed: 10 });
    expect(report.problems.map((problem) => problem.line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await sessions()).toEqual([]);
  });

  it("refuses a CSV that can hold no plays", async () => {
    await expect(importing("user,song_id\na,s1\n")).rejects.toMatchObject({
      code: "IMPORT_INVALID",
      message: expect.stringContaining("session_id") as string,
    });
    await expect(importing("session_id,title\nx,T\n")).rejects.toThrow("song_id");
  });
});
