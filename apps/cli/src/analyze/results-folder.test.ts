import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleRun } from "../../test/run-metrics-samples.ts";
import { temporaryFolder } from "../../test/stand-in.ts";
import { compareRuns, readRun } from "./compare-runs.ts";
import {
  assertWritable,
  HISTORY_FOLDER,
  historyRuns,
  METRICS_FILE,
  writeRun,
} from "./results-folder.ts";

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

function writeInto(folder: string, name: string): string {
  const file = join(folder, name);
  writeFileSync(file, "");
  return file;
}

describe("results folder", () => {
  it("holds the last run and, beside it, those before", () => {
    const folder = join(temporaryFolder(), "made", "for", "it");
    const first = writeRun(folder, sampleRun(), 5);
    const second = writeRun(folder, { ...sampleRun(), workflow: "another" }, 5);
    expect(read(join(folder, METRICS_FILE))).toMatchObject({ workflow: "another" });
    expect(read(first.historyFile ?? "")).toEqual(sampleRun());
    expect(read(second.historyFile ?? "")).toMatchObject({ workflow: "another" });
    expect(readdirSync(folder).toSorted()).toEqual([HISTORY_FOLDER, METRICS_FILE]);
  });

  it("forgets the oldest runs beyond those that are kept, and no other files", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, HISTORY_FOLDER));
    writeFileSync(join(folder, HISTORY_FOLDER, "notes.json"), "mine");
    writeFileSync(join(folder, HISTORY_FOLDER, "20200101T000000000Z-000000.json"), "old");
    const { historyFile } = writeRun(folder, sampleRun(), 1);
    expect(historyRuns(folder)).toEqual([basename(historyFile ?? "")]);
    expect(readdirSync(join(folder, HISTORY_FOLDER))).toContain("notes.json");
    expect(writeRun(folder, sampleRun(), 0).historyFile).toBeUndefined();
  });

  it("forgets the oldest runs beyond the bytes that all may take, and never the last", () => {
    const folder = temporaryFolder();
    const write = (bytesMax: number) => writeRun(folder, sampleRun(), 20, bytesMax).historyFile;
    const bytes = statSync(write(1) ?? "").size;
    expect(historyRuns(folder)).toHaveLength(1);
    for (let run = 0; run < 4; run++) write(3 * bytes + 10);
    expect(historyRuns(folder)).toHaveLength(3);
    const last = write(1);
    expect(historyRuns(folder)).toEqual([basename(last ?? "")]);
  });

  it.each<[string, (folder: string) => string]>([
    ["is a file", (folder) => writeInto(folder, "results")],
    ["lies below a file", (folder) => join(writeInto(folder, "file"), "deep", "results")],
    ["has a file for its history", (folder) => dirname(writeInto(folder, HISTORY_FOLDER))],
    [
      "has a folder for its file",
      (folder) => {
        mkdirSync(join(folder, METRICS_FILE));
        return folder;
      },
    ],
  ])("is refused before a run is made when it %s", (_, make) => {
    const folder = make(temporaryFolder());
    expect(() => assertWritable(folder)).toThrow(/cannot be written to .* Choose another folder/);
  });

  it("is not made before there is something to write", () => {
    const folder = join(temporaryFolder(), "made", "later");
    assertWritable(folder);
    assertWritable(temporaryFolder());
    expect(existsSync(dirname(folder))).toBe(false);
  });

  it("says what to do when it cannot be written", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(() => writeRun(file, sampleRun(), 1)).toThrow(/Choose another folder with --results/);
  });

  it("says what to do when its history is a file", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, HISTORY_FOLDER), "");
    expect(() => readRun("latest", folder)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(/ENOTDIR.*Move it away, or choose another/) as string,
      }),
    );
    expect(() => writeRun(folder, sampleRun(), 1)).toThrow(/Choose another folder with --results/);
  });

  it("finds runs by file, by name and by their place in time", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "other.json"), JSON.stringify(sampleRun()));
    writeRun(folder, { ...sampleRun(), timestamp: "first" }, 5);
    expect(readRun("latest", folder).timestamp).toBe("first");
    expect(readRun(historyRuns(folder)[0]?.slice(0, 15) ?? "", folder).timestamp).toBe("first");
    expect(sampleRun()).toMatchObject(readRun(join(folder, "other.json"), folder));
    expect(() => readRun("previous", folder)).toThrow("latest, previous");
    writeFileSync(join(folder, "no.json"), "{}");
    expect(() => readRun(join(folder, "no.json"), folder)).toThrow("is not a document of segue");
    expect(() => readRun("", folder)).toThrow("has no name");
  });

  it.each([
    ["mapreduce_results", {}],
    ["userbehavior_results", { users: [null], top_users: [] }],
    ["genre_analysis_results", { top_genres: [] }],
    ["recommendation_results", { trending_songs: [] }],
    ["performance", { mapreduce_time: "1 s" }],
  ])("tells what of a document is damaged: %s", (section, damaged) => {
    const folder = temporaryFolder();
    const file = join(folder, "damaged.json");
    writeFileSync(file, JSON.stringify({ ...sampleRun(), [section]: damaged }));
    expect(() => readRun(file, folder)).toThrow(`is not a document of segue analyze: ${section}`);
  });
});

describe("comparison of runs", () => {
  it("finds no difference in answers where only times differ", () => {
    const other = { ...sampleRun(), performance: { ...sampleRun().performance, read_time: 9 } };
    const comparison = compareRuns(sampleRun(), other);
    expect(comparison).toMatchObject({ isSameAnswer: true, counts: [], lists: [] });
    expect(comparison.performance).toContainEqual({ name: "read_time", before: 0.5, after: 9 });
  });

  it("names what differs: counts, ranks and listeners", () => {
    const before = sampleRun();
    const after = {
      ...before,
      mapreduce_results: {
        ...before.mapreduce_results,
        top_songs: { "Sam - s2": 4, "New - s3": 1 },
      },
      userbehavior_results: {
        ...before.userbehavior_results,
        users: [{ user_id: "ann", total_time: 4001, top_artist: "Nina" }],
        top_users: ["ann"],
      },
    };
    const comparison = compareRuns(before, after);
    expect(comparison.isSameAnswer).toBe(false);
    expect(comparison.counts).toEqual([
      { name: "song Sam - s2", before: 3, after: 4 },
      { name: "song Nina - s1", before: 1, after: undefined },
      { name: "song New - s3", before: undefined, after: 1 },
    ]);
    expect(comparison.lists).toEqual([
      { name: "top users", before: ["ben", "ann"], after: ["ann"] },
    ]);
    expect(comparison.usersDiffering).toEqual(["ann", "ben"]);
  });

  it("sees other plays, songs and artists, whatever they are called", () => {
    const before = sampleRun();
    const after = {
      ...before,
      input: { ...before.input, plays: before.input.plays + 1 },
      mapreduce_results: { ...before.mapreduce_results, count_keys: 3 },
      artist_results: {
        ...before.artist_results,
        top_artists: [{ artist: "constructor", plays: 1 }],
      },
    };
    const { counts } = compareRuns({ ...before, artist_results: { top_artists: [] } }, after);
    expect(counts).toEqual([
      { name: "plays", before: before.input.plays, after: before.input.plays + 1 },
      { name: "songs", before: 2, after: 3 },
      { name: "artist constructor", before: undefined, after: 1 },
    ]);
  });
});
