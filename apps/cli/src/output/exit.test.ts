import { AppError, type ErrorCode } from "@segue/errors";
import { describe, expect, it } from "vitest";
import { exitCodeFor } from "./exit.ts";

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
