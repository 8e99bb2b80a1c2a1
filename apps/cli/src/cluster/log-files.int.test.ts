import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  boundLogs,
  loggedReplicas,
  readLogFrom,
  rotateLogs,
  SUPERVISOR_LOG,
  tailLog,
} from "./log-files.ts";

// Real: files in a temporary folder.

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "segue-logs-"));
  file = join(folder, "api-2.log");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

describe("tailLog", () => {
  it("gives the last lines, and none of a log that is not there", () => {
    writeFileSync(file, "one\ntwo\nthree\n");
    expect(tailLog(file, 2).lines).toEqual(["two", "three"]);
    expect(tailLog(file, 0).lines).toEqual([]);
    expect(tailLog(join(folder, "none.log"), 5).lines).toEqual([]);
  });

  it("reads only the end of a long one, and no half line", () => {
    writeFileSync(file, `${"é".repeat(300_000)}\nlast\n`);
    expect(tailLog(file, 5).lines).toEqual(["last"]);
  });
});

describe("readLogFrom", () => {
  it("goes on after the last whole line", () => {
    writeFileSync(file, "eins\nzw");
    const first = readLogFrom(file, 0);
    expect(first.lines).toEqual(["eins"]);
    appendFileSync(file, "ölf\n");
    expect(readLogFrom(file, first.offset).lines).toEqual(["zwölf"]);
  });

  it("begins again when the file was cut", () => {
    writeFileSync(file, "new\n");
    expect(readLogFrom(file, 1_000).lines).toEqual(["new"]);
  });
});

describe("boundLogs", () => {
  it("keeps a log that has grown too long beside, and its writer goes on in the same file", () => {
    writeFileSync(file, "a".repeat(100));
    boundLogs(folder, 50);
    appendFileSync(file, "b");
    expect(readFileSync(file, "utf8")).toBe("b");
    expect(readFileSync(`${file}.1`, "utf8")).toHaveLength(100);
  });
});

describe("rotateLogs", () => {
  it("begins new logs but the supervisor's", () => {
    writeFileSync(file, "before\n");
    writeFileSync(join(folder, `${SUPERVISOR_LOG}.log`), "before\n");
    rotateLogs(folder);
    expect(loggedReplicas(folder)).toEqual([SUPERVISOR_LOG]);
    expect(readFileSync(`${file}.1`, "utf8")).toBe("before\n");
  });
});

describe("loggedReplicas", () => {
  it("orders as people count", () => {
    for (const name of ["api-10", "api-2", "broker-1"])
      writeFileSync(join(folder, `${name}.log`), "");
    expect(loggedReplicas(folder)).toEqual(["api-2", "api-10", "broker-1"]);
  });
});
