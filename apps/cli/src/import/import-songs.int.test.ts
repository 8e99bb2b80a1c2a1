import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store, songIdFor } from "@segue/store";
import fc from "fast-check";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { ImportReport } from "./import-report.ts";
import { importSongs } from "./import-songs.ts";

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "segue-import-"));
  store = await openStore({ path: ":memory:" });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
});

async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(folder, "songs.txt");
  await writeFile(path, content);
  return path;
}

async function importing(content: string | Uint8Array): Promise<ImportReport> {
  const report = await importSongs(store, await fileOf(content));
  expectBucketsToSum(report);
  return report;
}

function expectBucketsToSum(report: ImportReport): void {
  const { imported, updated, duplicate, malformed, unknownSong } = report;
  expect(imported + updated + duplicate + malformed + unknownSong).toBe(report.rows);
  expect(report.problems.length + report.problemsOmitted).toBe(malformed + unknownSong);
}

describe("song import", () => {
  it("reads a CSV with byte order mark, CRLF, folded headers and quotes", async () => {
    const report = await importing(
      '\ufeff ARTIST ,Track Name,"Release Year",Album,Genre,Duration (ms)\r\n' +
        '"Earth, Wind & Fire",September,1978,,"disco",215093\r\n' +
        "\r\n" +
        'Café Tacvba,"Eres ""tú""",,Cuatro Caminos,,\r\n',
    );
    expect(report).toMatchObject({ format: "csv", rows: 2, imported: 2, problems: [] });
    const id = songIdFor("Earth, Wind & Fire", "September");
    expect((await store.songs.songsByIds([id])).get(id)).toEqual({
      id,
      title: "September",
      artist: "Earth, Wind & Fire",
      album: null,
      year: 1978,
      genre: "disco",
      seconds: 215,
      versionGroup: id,
      popularity: 0,
    });
    expect(await store.songs.unknownIds([songIdFor("Café Tacvba", 'Eres "tú"')])).toEqual([]);
  });

  it("reads JSON Lines, whatever the file is called", async () => {
    const report = await importing(
      '\n{"id":"x1","title":"T","artist":"A","year":1999,"popularity":3,"versionGroup":"g"}\n' +
        '{"Title":"U","ARTIST":"B","extra":[1]}\n',
    );
    expect(report).toMatchObject({ format: "jsonl", rows: 2, imported: 2 });
    expect((await store.songs.songsByIds(["x1"])).get("x1")).toMatchObject({
      year: 1999,
      popularity: 3,
      versionGroup: "g",
    });
  });

  it("reads UTF-16 and other delimiters, as spreadsheets write them", async () => {
    const utf16 = Buffer.from("\ufefftitle;artist\nÉté;Å\n", "utf16le");
    expect(await importing(utf16)).toMatchObject({ rows: 1, imported: 1 });
    expect(await importing("title\tartist\nÉté\tÅ\n")).toMatchObject({ rows: 1, duplicate: 1 });
  });

  it("changes nothing when the same file comes again, and updates changed rows", async () => {
    const rows = (year: number): string =>
      Array.from({ length: 3_000 }, (_, index) =>
        index === 7 ? `t7,a7,${year}` : `t${index},a${index},1970`,
      ).join("\n");
    expect(await importing(`title,artist,year\n${rows(1970)}`)).toMatchObject({ imported: 3_000 });
    const revision = await store.songs.currentRevision();
    expect(await importing(`title,artist,year\n${rows(1970)}`)).toMatchObject({ duplicate: 3_000 });
    expect((await store.songs.changedSince(revision).next()).done).toBe(true);
    expect(await importing(`title,artist,year\n${rows(1971)}`)).toMatchObject({
      duplicate: 2_999,
      updated: 1,
    });
  });

  it("puts each broken row into the report with line and reason, and imports the others", async () => {
    const report = await importing(
      Buffer.concat([
        Buffer.from(
          'title,artist,year\n"open,A,1970\nT,A\nT,A,1970,x\n,A,1970\nT,A,soon\nT,A,1970\n',
        ),
        Buffer.from([0x42, 0xff, 0xfe, 0x2c, 0x41, 0x2c, 0x0a]),
        Buffer.from(`${"x".repeat(1_100_000)},A,1970\nU,A,`),
      ]),
    );
    expect(report).toMatchObject({ rows: 9, imported: 2, malformed: 7 });
    expect(report.problems.map(({ line, reason }) => [line, reason.slice(0, 24)])).toEqual([
      [2, "a quote is opened and no"],
      [3, "2 fields where the heade"],
      [4, "4 fields where the heade"],
      [5, "title is missing; give e"],
      [6, 'year "soon" is no year; '],
      [8, 'title "B��" has bytes th'],
      [9, "the line is longer than "],
    ]);
  });

  it("lists a bounded number of problems and counts the rest", async () => {
    const path = await fileOf(`title,artist\n${",\n".repeat(500)}`);
    const report = await importSongs(store, path, { problemsMax: 3 });
    expect(report).toMatchObject({ rows: 500, malformed: 500, problemsOmitted: 497 });
    expect(report.problems.map((problem) => problem.line)).toEqual([2, 3, 4]);
  });

  it("accounts for every row of any text", async () => {
    const line = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', ",", "a", " ", "\r") }),
      fc.constantFrom("t,a", '"t,a', 't",a', "{", "{}", '{"title":"t","artist":"a"}'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        await importing(["title,artist", ...lines].join("\n"));
        await importing(['{"title":"t","artist":"a"}', ...lines].join("\n"));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["a missing file", () => join(folder, "none.csv"), "does not exist"],
    ["a folder", () => folder, "is a folder"],
    ["an empty file", () => fileOf(""), "is empty"],
    ["a blank file", () => fileOf("\n \n"), "has no rows"],
    ["an archive", () => fileOf("PK\u0003\u0004rest"), "zip archive"],
    ["random bytes", () => fileOf(Uint8Array.of(7, 0, 1, 255)), "is not text"],
    ["a JSON array", () => fileOf('[{"title":"t"}]'), "one object per line"],
    ["a header without an artist", () => fileOf("title,year\nT,1970"), "title, year"],
    ["one line of 10 MB", () => fileOf("x".repeat(10_000_000)), "longer than 1 MiB"],
  ])("refuses %s and says why", async (_, make, message) => {
    await expect(importSongs(store, await make())).rejects.toMatchObject({
      code: "IMPORT_INVALID",
      message: expect.stringContaining(message) as string,
    });
    expect(await store.songs.songCount()).toBe(0);
  });

  it("tells its progress and stops between batches when asked to", async () => {
    const path = await fileOf(`title,artist\n${"t,a\n".repeat(1_000)}`);
    const stop = new AbortController();
    const seen: number[] = [];
    const importStopped = importSongs(store, path, {
      batchRows: 100,
      signal: stop.signal,
      onProgress: ({ rows, bytes, bytesTotal }) => {
        seen.push(rows);
        expect(bytes).toBeLessThanOrEqual(bytesTotal);
        if (rows === 300) stop.abort();
      },
    });
    await expect(importStopped).rejects.toMatchObject({ code: "CANCELLED" });
    expect(seen).toEqual([100, 200, 300]);
  });
});
