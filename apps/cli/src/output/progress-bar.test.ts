import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createProgressBar, formatSeconds } from "./progress-bar.ts";

describe("formatSeconds", () => {
  it.each([
    [0, "0 s"],
    [-3, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min 0 s"],
    [75, "1 min 15 s"],
    [3600, "1 h 0 min"],
    [7384, "2 h 3 min"],
    [Number.NaN, "?"],
    [Number.POSITIVE_INFINITY, "?"],
  ])("tells %d seconds as %j", (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});

describe("createProgressBar", () => {
  const draw = (terminal: object): string => {
    const stream = Object.assign(new PassThrough(), terminal);
    const bar = createProgressBar("Import", stream as unknown as NodeJS.WriteStream);
    bar.update(0.5, "7 rows");
    bar.done("14 rows");
    return String(stream.read());
  };

  it("says only the end where there is no terminal", () => {
    expect(draw({ isTTY: false })).toBe("Import: 14 rows\n");
  });

  it("draws its share on a terminal, within the width", () => {
    const [drawn = ""] = draw({ isTTY: true, columns: 80 }).split("\r").slice(1);
    expect(drawn).toContain(`${"█".repeat(12)}${"░".repeat(12)}  50 %  7 rows`);
    const [narrow = ""] = draw({ isTTY: true, columns: 30 }).split("\r").slice(1);
    expect(narrow.replace("\x1b[2K", "")).toHaveLength(29);
  });

  it("takes away what is not done, and nothing else", () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const bar = createProgressBar("Import", stream as unknown as NodeJS.WriteStream);
    bar.clear();
    expect(stream.read()).toBeNull();
    bar.update(0.5, "7 rows");
    stream.read();
    bar.clear();
    expect(String(stream.read())).toBe("\r\x1b[2K");
    bar.done("14 rows");
    bar.clear();
    expect(String(stream.read())).toBe("Import: 14 rows\n");
  });
});
