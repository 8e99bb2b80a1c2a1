import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvReader, delimiterOf, parseRecord } from "./csv-records.ts";

function read(text: string, delimiter = ","): unknown[] {
  const lines = text.split("\n").map((line, index) => ({
    number: index + 1,
    text: line,
    isTooLong: false,
  }));
  return new CsvReader(delimiter).push(lines, true);
}

describe("CSV records", () => {
  it.each([
    ["a,b,c", ["a", "b", "c"]],
    ["", [""]],
    [",", ["", ""]],
    ['"a,1",b', ["a,1", "b"]],
    ['"say ""hi""",b', ['say "hi"', "b"]],
    ['5" tape,b', ['5" tape', "b"]],
    ['a,""', ["a", ""]],
    ['"a",', ["a", ""]],
  ])("cuts %j into its fields", (text, fields) => {
    expect(parseRecord(text, ",")).toEqual({ fields });
  });

  it("gives back whatever was written, quoted", () => {
    const field = fc.string().map((text) => text.replaceAll(/[\r\n]/g, " "));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        const text = fields.map((each) => `"${each.replaceAll('"', '""')}"`).join(";");
        expect(parseRecord(text, ";")).toEqual({ fields });
      }),
    );
  });

  it("joins the lines of a quoted field", () => {
    expect(read('a,"first\nsecond"\nb,c')).toEqual([
      { line: 1, fields: ["a", "first\nsecond"] },
      { line: 3, fields: ["b", "c"] },
    ]);
  });

  it("loses one line to an unclosed quote, and not the rest of the file", () => {
    const rows = Array.from({ length: 20 }, (_, index) => `t${index},a${index}`);
    const found = read(['"broken,x', ...rows].join("\n"));
    expect(found.length).toBe(21);
    expect(found[0]).toMatchObject({
      line: 1,
      problem: expect.stringContaining("quote") as string,
    });
    expect(found[20]).toEqual({ line: 21, fields: ["t19", "a19"] });
  });

  it("waits for the rest of a quoted field that has not been read yet", () => {
    const reader = new CsvReader(",");
    const line = (number: number, text: string) => ({ number, text, isTooLong: false });
    expect(reader.push([line(1, "x,y"), line(2, 'a,"b')], false)).toEqual([
      { line: 1, fields: ["x", "y"] },
    ]);
    expect(reader.push([line(3, 'c"')], false)).toEqual([{ line: 2, fields: ["a", "b\nc"] }]);
    expect(reader.push([], true)).toEqual([]);
  });

  it("skips blank lines without losing count of the lines", () => {
    expect(read("a\n\n   \nb")).toEqual([
      { line: 1, fields: ["a"] },
      { line: 4, fields: ["b"] },
    ]);
  });

  it.each([
    ["title,artist", ","],
    ["title;artist, featured;album", ";"],
    ["title\tartist", "\t"],
    ['"title;x;y;z",artist', ","],
    ["title", ","],
  ])("takes the delimiter of %j", (header, delimiter) => {
    expect(delimiterOf(header)).toBe(delimiter);
  });
});
