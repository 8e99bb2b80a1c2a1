import { describe, expect, it } from "vitest";
import { sampleRun } from "../../test/run-metrics-samples.ts";
import { compareRuns } from "./compare-runs.ts";
import { renderComparison } from "./render-comparison.ts";
import { renderRun } from "./render-run.ts";
import type { RunMetrics } from "./run-metrics.ts";

const COMMANDS = "\x1b[2J\x9b31m\x07\n";

/** Every name in the document, as of a file that wants to command a terminal. */
function evil(run: RunMetrics): RunMetrics {
  const names = /"(Nina|Sam|ann|ben|Pop|plays\.csv|has no duration)/g;
  const text = JSON.stringify(run).replaceAll(names, `"${JSON.stringify(COMMANDS).slice(1, -1)}$1`);
  return JSON.parse(text) as RunMetrics;
}

describe("the tables of a run", () => {
  it("give a terminal nothing to obey", () => {
    const text = renderRun(evil(sampleRun()));
    expect(text).toContain("�[2J�31m��Nina - s1");
    expect(text.match(/[^\P{Cc}\n]/gu)).toBeNull();
    // A line break in a name would break its table.
    expect(text.split("\n")).toHaveLength(renderRun(sampleRun()).split("\n").length);
  });

  it("neither when two are compared", () => {
    const text = renderComparison(compareRuns(sampleRun(), evil(sampleRun())));
    expect(text).toContain("�[2J�31m��Nina - s1");
    expect(text.match(/[^\P{Cc}\n]/gu)).toBeNull();
  });
});
