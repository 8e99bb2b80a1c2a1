import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleRun } from "../../test/run-metrics-samples.ts";
import { temporaryFolder } from "../../test/stand-in.ts";
import { writeOrPrint } from "./write-or-print.ts";

describe("a run that is over", () => {
  it("is printed when it cannot be written, and the error told", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    let printed = 0;
    const write = () =>
      writeOrPrint(file, sampleRun(), 1, () => {
        printed += 1;
      });
    expect(write).toThrow("The results cannot be written");
    expect(printed).toBe(1);
  });

  it("is left to its caller to print when it is written", () => {
    let printed = 0;
    const { historyFile } = writeOrPrint(temporaryFolder(), sampleRun(), 1, () => {
      printed += 1;
    });
    expect([historyFile === undefined, printed]).toEqual([false, 0]);
  });
});
