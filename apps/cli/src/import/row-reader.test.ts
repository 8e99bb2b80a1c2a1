import { describe, expect, it } from "vitest";
import { RowReader } from "./row-reader.ts";

function reader(value: unknown): RowReader {
  return new RowReader(new Map([["field", value]]));
}

describe("row reader", () => {
  it.each([
    ["  So What ", "So What"],
    [1979, "1979"],
    ["", null],
    [null, null],
    [undefined, null],
  ])("reads the text %j as %j", (value, text) => {
    const row = reader(value);
    expect([row.text("field"), row.problem]).toEqual([text, undefined]);
  });

  it.each([
    ["1959", 1959],
    ["1959-08-17", 1959],
    ["1959-08", 1959],
    [1959, 1959],
    ["0", null],
    ["", null],
  ])("reads the year %j as %j", (value, year) => {
    const row = reader(value);
    expect([row.year("field"), row.problem]).toEqual([year, undefined]);
  });

  it.each([
    ["182", 182],
    ["182.5", 183],
    ["0.2", 1],
    ["0", null],
    ["3:02", 182],
    ["1:03:02", 3782],
    ["", null],
  ])("reads the length %j as %j seconds", (value, seconds) => {
    const row = reader(value);
    expect([row.seconds("field"), row.problem]).toEqual([seconds, undefined]);
  });

  it.each([
    ["2026-01-31T20:15:00Z", "2026-01-31T20:15:00.000Z"],
    ["2026-01-31T20:15:00.250+02:00", "2026-01-31T18:15:00.250Z"],
    ["2026-01-31 20:15:00 +0530", "2026-01-31T14:45:00.000Z"],
    ["2026-01-31 20:15", "2026-01-31T20:15:00.000Z"],
    ["2026-01-31 20:15:00 UTC", "2026-01-31T20:15:00.000Z"],
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["1769890500", "2026-01-31T20:15:00.000Z"],
    [1769890500.25, "2026-01-31T20:15:00.250Z"],
    ["1769890500000", "2026-01-31T20:15:00.000Z"],
  ])("reads the time %j as %s", (value, time) => {
    const row = reader(value);
    expect(new Date(row.timeMs("field") ?? 0).toISOString()).toBe(time);
    expect(row.problem).toBeUndefined();
  });

  it.each([
    ["a text", (row: RowReader) => row.text("field"), ["a\nb", "a\u0000", "\ufffd", [], {}, true]],
    ["an id", (row: RowReader) => row.id("field"), ["x".repeat(129)]],
    ["a year", (row: RowReader) => row.year("field"), ["abc", "19", "12345", "0999", "-1959"]],
    ["a length", (row: RowReader) => row.seconds("field"), ["abc", "-3", "1e9", "99999999", "3:2"]],
    ["a length in ms", (row: RowReader) => row.milliseconds("field"), ["3:02", "-1"]],
    ["a number", (row: RowReader) => row.wholeNumber("field"), ["1.5", "-1", "many"]],
    [
      "a time",
      (row: RowReader) => row.timeMs("field"),
      ["yesterday", "2026-13-01", "2026-01-31T25:00Z", "31.1.2026", "-5", "999999999999999"],
    ],
  ])("refuses what is not %s, naming the field", (_, read, values) => {
    for (const value of values) {
      const row = reader(value);
      read(row);
      expect(row.problem, JSON.stringify(value)).toMatch(/^field /u);
    }
  });

  it("keeps the first problem of a row", () => {
    const row = new RowReader(new Map([["year", "x"]]));
    row.year("year");
    row.requiredText("title");
    expect(row.problem).toContain("year");
  });
});
