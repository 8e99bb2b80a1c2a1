import { AppError, type ErrorCode } from "@segue/errors";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { exitCodeFor, printError } from "./exit.ts";

describe("exitCodeFor", () => {
  it.each<[ErrorCode, number]>([
    ["TOO_FEW_SONGS", 2],
    ["SONG_UNKNOWN", 2],
    ["REQUEST_INVALID", 2],
    ["CONFIG_INVALID", 2],
    ["IMPORT_INVALID", 2],
    ["BUS_UNAVAILABLE", 3],
    ["MODEL_NOT_LOADED", 3],
    ["DEADLINE_EXCEEDED", 3],
    ["TRAINING_DATA_INSUFFICIENT", 1],
    ["MODEL_CHECKSUM_MISMATCH", 1],
    ["CANCELLED", 130],
  ])("ends for %s with %i", (code, exitCode) => {
    expect(exitCodeFor(new AppError(code, "because"))).toBe(exitCode);
  });

  it("ends with 1 for what nobody foresaw", () => {
    expect(exitCodeFor(new TypeError("a bug"))).toBe(1);
  });
});

describe("printError", () => {
  it("gives a terminal nothing to obey, and a program the text as it is", () => {
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => print.mockRestore());
    const error = new AppError("IMPORT_INVALID", "The file a\x1b[2J is empty.\nExport it again.");
    printError(error, false);
    printError(error, true);
    expect(print.mock.calls[0]).toEqual([
      "[IMPORT_INVALID] The file a�[2J is empty.\nExport it again.",
    ]);
    expect(JSON.parse(String(print.mock.calls[1]))).toMatchObject({ detail: error.message });
  });
});
