import { AppError } from "@segue/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecodedPlay, decodedPlays } from "../../test/decoded-plays.ts";
import type { BadRow } from "./bad-rows.ts";
import { paddedSource } from "./byte-dictionary.ts";
import { CsvScanner, ROW_BYTES_MAX } from "./csv-scanner.ts";
import { PlayBatcher } from "./play-batcher.ts";

const HEADER = "user_id,song_id,artist,duration,timestamp,genre";
const ROW = "ann,s1,Nina,10,2025-01-01T00:00:00Z,Jazz";
const PLAY: DecodedPlay = { user: "ann", song: "s1", artist: "Nina", genre: "Jazz", seconds: 10 };

interface Scanned {
  readonly plays: DecodedPlay[];
  readonly bad: readonly BadRow[];
  readonly batcher: PlayBatcher;
}

function scan(content: string | Buffer, chunkBytes = 1024): Scanned {
  const bytes = Buffer.from(content as string);
  const batcher = new PlayBatcher({ hasTimestamps: false });
  const scanner = new CsvScanner(batcher, "plays.csv");
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    scanner.push(bytes.subarray(at, at + chunkBytes));
  }
  scanner.end();
  batcher.flush();
  return { plays: decodedPlays(batcher.takeFull()), bad: batcher.badRows.found.first, batcher };
}

const reasons = ({ bad }: Scanned) => bad.map(({ line, reason }) => [line, reason]);

describe("CsvScanner", () => {
  it("reads the columns in the order of the header", () => {
    const { plays } = scan(
      "genre,artist,extra,song_id,duration,timestamp,user_id\nJazz,Nina,x,s1,10,t,ann\n",
    );
    expect(plays).toEqual([PLAY]);
  });

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("reads lines that end in %s, the last one without an end too", (_, end) => {
    expect(scan([HEADER, ROW, ROW].join(end)).plays).toEqual([PLAY, PLAY]);
    expect(scan([HEADER, ROW, ROW, ""].join(end)).plays).toEqual([PLAY, PLAY]);
  });

  it.each([";", "\t"])("takes %j for the delimiter where the header has it", (delimiter) => {
    const content = `${HEADER}\n${ROW}\n`.replaceAll(",", delimiter);
    expect(scan(content).plays).toEqual([PLAY]);
  });

  it.each([
    ["sep=;", ";"],
    ['"sep=;"', ";"],
    ["SEP=,", ","],
    ["sep=\t", "\t"],
  ])("takes the delimiter that Excel is told by the first line %j", (first, delimiter) => {
    const rows = `${HEADER}\n${ROW}\n`.replaceAll(",", delimiter).replace("Nina", "Ni|na");
    for (const chunkBytes of [1, 1024]) {
      const { plays, batcher } = scan(`${first}\r\n${rows}`, chunkBytes);
      expect(plays).toEqual([{ ...PLAY, artist: "Ni|na" }]);
      expect(batcher.lines.placeOf(0)).toEqual({ file: "plays.csv", line: 3 });
    }
  });

  it("keeps to the delimiter that it was told where the header has more of another", () => {
    const header = `${HEADER.replaceAll(",", ";")};"a,b,c,d,e,f,g"`;
    const { plays } = scan(`sep=;\n${header}\n${ROW.replaceAll(",", ";")};x\n`);
    expect(plays).toEqual([PLAY]);
  });

  it("refuses a delimiter that it does not read, and says which it reads", () => {
    expect(() => scan(`sep=|\n${HEADER}\n`)).toThrow(
      'says in its first line that "|" separates its columns; save it with commas',
    );
  });

  it("leaves out a row with a byte 0, wherever in the file", () => {
    const rows = `${ROW}\n`.repeat(500);
    const scanned = scan(`${HEADER}\n${rows}${ROW.replace("Nina", "Ni\0na")}\n${ROW}\n`);
    expect(scanned.plays).toHaveLength(501);
    expect(scanned.bad).toEqual([
      {
        file: "plays.csv",
        line: 502,
        reason: "encoding",
        text: "has a byte 0, which no text has",
      },
    ]);
  });

  it("reads quoted values with delimiters, line breaks and doubled quotes", () => {
    const row = '"ann","s,1","Nina ""N"" S\nimone",10,t,"Jazz"';
    const { plays, batcher } = scan(`${HEADER}\n${row}\n${ROW}\n`);
    expect(batcher.lines.placeOf(1)).toEqual({ file: "plays.csv", line: 4 });
    expect(plays[0]).toEqual({ ...PLAY, song: "s,1", artist: 'Nina "N" S\nimone' });
    expect(plays[1]).toEqual(PLAY);
  });

  it("gives a quoted and an unquoted value the same code", () => {
    const quoted = ROW.split(",").map((value) => `"${value}"`);
    const { batcher, plays } = scan(`${HEADER}\n${ROW}\n${quoted.join(",")}\n`);
    expect(plays).toEqual([PLAY, PLAY]);
    expect(batcher.users.codeOf(paddedSource(Buffer.from("new")), 0, 3)).toBe(1);
  });

  it("takes no genre for an empty one when there is no such column", () => {
    const { plays } = scan("user_id,song_id,artist,duration,timestamp\nann,s1,Nina,10,t\n");
    expect(plays).toEqual([{ ...PLAY, genre: "" }]);
  });

  it("leaves blank lines out without calling them bad", () => {
    const result = scan(`\n${HEADER}\n\n${ROW}\n\n${ROW}\n\n`);
    expect(result.plays).toHaveLength(2);
    expect(result.bad).toEqual([]);
    expect(result.batcher.lines.placeOf(1)).toEqual({ file: "plays.csv", line: 6 });
  });

  it.each(["abc", "3.5", "", " ", "-1", "+4", "1e3", "0x10", "2073601", "99999999999999999999"])(
    "leaves out the duration %j, and tells its line",
    (duration) => {
      const result = scan(`${HEADER}\n${ROW}\n${ROW.replace("10", duration)}\n${ROW}\n`);
      expect(result.plays).toEqual([PLAY, PLAY]);
      expect(reasons(result)).toEqual([[3, "duration"]]);
      expect(result.batcher.lines.placeOf(1)).toEqual({ file: "plays.csv", line: 4 });
    },
  );

  it.each([
    ["0", 0],
    [" 12 ", 12],
    ["007", 7],
    ["2073600", 2_073_600],
  ])("takes the duration %j", (duration, seconds) => {
    expect(scan(`${HEADER}\n${ROW.replace("10", duration)}\n`).plays[0]?.seconds).toBe(seconds);
  });

  it("says what is wrong, with the value", () => {
    const { bad } = scan(`${HEADER}\n${ROW.replace("10", "abc")}\nann,s1\n`);
    expect(bad.map(({ text }) => text)).toEqual([
      'has the duration "abc", which is not a whole number from 0 to 2073600',
      "has 2 fields, not 6",
    ]);
  });

  it("leaves out rows with too few and too many fields", () => {
    const result = scan(`${HEADER}\n${ROW},more\n${ROW}\nann\n${ROW}\n`);
    expect(result.plays).toEqual([PLAY, PLAY]);
    expect(reasons(result)).toEqual([
      [2, "fields"],
      [4, "fields"],
    ]);
  });

  it("loses one line to a quote that is never closed, and not the rest of the file", () => {
    const result = scan(`${HEADER}\n"ann,s1,Nina,10,t,Jazz\n${ROW}\n${ROW}\n`);
    expect(result.plays).toEqual([PLAY, PLAY]);
    expect(reasons(result)).toEqual([[2, "quote"]]);
  });

  it("loses one line to a quote that ends within a value", () => {
    const result = scan(`${HEADER}\n"ann"x,s1,Nina,10,t,Jazz\n${ROW}\n`);
    expect(result.plays).toEqual([PLAY]);
    expect(reasons(result)).toEqual([[2, "quote"]]);
  });

  it("loses one line to a stray quote that another one seems to close rows later", () => {
    const result = scan(`${HEADER}\n"ann,s1,Nina,10,t,Jazz\n${ROW}\n${ROW},"\n${ROW}\n`);
    expect(result.plays).toEqual([PLAY, PLAY]);
    expect(reasons(result).map(([line]) => line)).toEqual([2, 4]);
  });

  it("does not hold a row of more than a mebibyte", () => {
    const long = `"${"x".repeat(ROW_BYTES_MAX + 10)}`;
    const result = scan(`${HEADER}\n${ROW}\n${long}\n${ROW}\n`, 64 * 1024);
    expect(result.plays).toEqual([PLAY, PLAY]);
    expect(result.bad[0]?.line).toBe(3);
  });

  it.each([
    ["a row of more than two mebibytes", `${"x".repeat(2 * ROW_BYTES_MAX)},s9,Eve,77,t,Pop`],
    ["a broken quote", `"x"y${"x".repeat(3000)},s9,Eve,77,t,Pop`],
  ])("takes no play from the end of the line of %s", (_, broken) => {
    for (const end of ["\n", "\r\n", "\r"]) {
      for (const chunkBytes of [997, 1024, 65_536]) {
        const content = [HEADER, ROW, broken, ROW, ROW.replace("10", "oops"), ""].join(end);
        const result = scan(content, chunkBytes);
        expect(result.plays).toEqual([PLAY, PLAY]);
        expect(result.bad.map(({ line }) => line)).toEqual([3, 5]);
      }
    }
  });

  it("finds the delimiter in the first line that is not blank", () => {
    const content = `\n\n${HEADER}\n${ROW}\n`.replaceAll(",", ";");
    expect(scan(content).plays).toEqual([PLAY]);
  });

  it("leaves out a value that would not fit a message", () => {
    const result = scan(`${HEADER}\n${ROW.replace("Nina", "N".repeat(70_000))}\n${ROW}\n`);
    expect(result.plays).toEqual([PLAY]);
    expect(reasons(result)).toEqual([[2, "length"]]);
  });

  it("leaves out a row that is no UTF-8", () => {
    const broken = Buffer.from(ROW.replace("Nina", "N\u00edna"), "latin1");
    const lines = [HEADER, broken, ROW, ""].map((line) => Buffer.from(line as string));
    const result = scan(Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])));
    expect(result.plays).toEqual([PLAY]);
    expect(reasons(result)).toEqual([[2, "encoding"]]);
  });

  it.each([
    ["a missing column", "user_id,song_id,artist,timestamp", "lacks the column duration"],
    ["two missing columns", "song_id,artist,timestamp", "lacks the columns user_id, duration"],
    ["a column twice", `${HEADER},artist`, "has the column artist twice"],
    ["prose", "Dear reader, this is no table.", "lacks the columns"],
  ])("refuses a header with %s", (_, header, problem) => {
    const refused = () => scan(`${header}\n${ROW}\n`);
    expect(refused).toThrow(AppError);
    expect(refused).toThrow(problem);
  });

  it("counts every bad row and keeps the first ten", () => {
    const { batcher } = scan(`${HEADER}\n${"x\n".repeat(1000)}`);
    expect(batcher.badRows.found).toMatchObject({ count: 1000, byReason: { fields: 1000 } });
    expect(batcher.badRows.found.first).toHaveLength(10);
  });

  it("reads the same whatever the pieces are in which the file comes", () => {
    const value = fc.string({ unit: "grapheme", maxLength: 6 });
    const play = fc.tuple(value, value, value, fc.nat(2_000_000), value, value);
    fc.assert(
      fc.property(
        fc.array(play, { minLength: 1, maxLength: 30 }),
        fc.constantFrom("\n", "\r\n"),
        fc.integer({ min: 1, max: 50 }),
        (rows, end, chunkBytes) => {
          const lines = rows.map((row) =>
            row.map((part) => quotedWhereNeeded(`${part}`)).join(","),
          );
          const { plays } = scan([HEADER, ...lines, ""].join(end), chunkBytes);
          expect(plays).toEqual(
            rows.map(([user, song, artist, seconds, , genre]) => ({
              user,
              song,
              artist,
              seconds,
              genre,
            })),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

function quotedWhereNeeded(value: string): string {
  return /[",;\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
