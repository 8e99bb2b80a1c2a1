import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { PLAY_SECONDS_MAX } from "@segue/statistics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DecodedPlay, decodedPlays } from "../../test/decoded-plays.ts";
import type { BadRow } from "./bad-rows.ts";
import { PlayBatcher } from "./play-batcher.ts";
import { readParquetPlays } from "./read-parquet-plays.ts";

const PLAY: DecodedPlay = { user: "ann", song: "s1", artist: "Nina", genre: "Jazz", seconds: 10 };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "segue-parquet-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a file of one row that says PLAY but for what `columns` say. */
async function parquetOf(name: string, columns: Readonly<Record<string, string>>): Promise<string> {
  const row = {
    user_id: "'ann'",
    song_id: "'s1'",
    artist: "'Nina'",
    duration: "10",
    timestamp: "'t'",
    genre: "'Jazz'",
    ...columns,
  };
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const select = Object.entries(row).map(([column, value]) => `${value} AS ${column}`);
  await connection.run(`COPY (SELECT ${select.join(", ")}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

async function read(path: string): Promise<{ plays: DecodedPlay[]; bad: readonly BadRow[] }> {
  const batcher = new PlayBatcher({ hasTimestamps: false });
  const file = { name: path, path, format: "parquet", bytesTotal: undefined } as const;
  const options = { onShare: () => undefined, signal: new AbortController().signal };
  const plays = [];
  for await (const batch of readParquetPlays(file, batcher, options)) {
    plays.push(...decodedPlays([batch]));
  }
  batcher.flush();
  plays.push(...decodedPlays(batcher.takeFull()));
  return { plays, bad: batcher.badRows.found.first };
}

describe("a Parquet file", () => {
  it("may have columns of its own, also of names that mean something here", async () => {
    const others = { seconds: "7", duration_text: "'x'", users_values: "1" };
    expect((await read(await parquetOf("x.parquet", others))).plays).toEqual([PLAY]);
  });

  it.each([
    ["p[1].parquet", "p1.parquet"],
    ["p*.parquet", "p2.parquet"],
    ["p?.parquet", "p3.parquet"],
  ])("named %s is not %s", async (name, neighbour) => {
    await parquetOf(neighbour, { user_id: "'other'" });
    expect((await read(await parquetOf(name, {}))).plays).toEqual([PLAY]);
  });

  it("says its columns itself, whatever its folders are named", async () => {
    const path = await parquetOf("genre=Hive/user_id=hive/x.parquet", {});
    expect((await read(path)).plays).toEqual([PLAY]);
  });

  it.each(["10.0::DOUBLE", "10::FLOAT", "10::DECIMAL(9, 2)", "10::UTINYINT", "' 10 '"])(
    "may write a duration as %s",
    async (duration) => {
      expect((await read(await parquetOf("x.parquet", { duration }))).plays).toEqual([PLAY]);
    },
  );

  it.each([
    ["10.5::DOUBLE", "10.5"],
    ["'NaN'::DOUBLE", "nan"],
    ["-1", "-1"],
    [`${PLAY_SECONDS_MAX + 1}`, `${PLAY_SECONDS_MAX + 1}`],
    ["1e300::DOUBLE", "1e+300"],
    ["true", "true"],
    ["NULL::DOUBLE", "no duration"],
  ])("has a bad row where a duration is %s", async (duration, said) => {
    const { plays, bad } = await read(await parquetOf("x.parquet", { duration }));
    expect(plays).toEqual([]);
    expect(bad).toMatchObject([{ line: 1, reason: "duration" }]);
    expect(bad[0]?.text).toContain(said);
  });

  it("may hold text that is not marked as text", async () => {
    const path = await parquetOf("x.parquet", { artist: "encode('Beyonc\u00e9')" });
    expect((await read(path)).plays).toEqual([{ ...PLAY, artist: "Beyonc\u00e9" }]);
  });
});
