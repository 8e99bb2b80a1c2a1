import { describe, expect, test } from "vitest";

import { planPartition } from "../partition/plan-partition.ts";
import { assertStageInput } from "./assert-stage-input.ts";
import type { StageInput } from "./stage-run.ts";

const manifest = { songCount: 100, version: "demo-1", dimensions: { embedding: 4, hidden: 6 } };
const parts = planPartition(manifest, { stages: 6, shards: 1 });

const good: StageInput = {
  variants: [Uint32Array.of(1, 2, 3), Uint32Array.of(1, 2)],
  maskedRows: new Uint32Array(),
  candidates: 10,
};

describe("stage input", () => {
  test.each([
    ["layer 1 needs none", 1, undefined],
    ["layer 2 takes song vectors", 2, activations(3, 4)],
    ["layer 3 takes states of every step", 3, activations(3, 6)],
    ["layer 5 takes last states", 5, activations(1, 6)],
    ["layer 6 takes queries", 6, activations(1, 4)],
  ])("is accepted where activations fit: %s", (_, stage, given) => {
    expect(() => {
      check(stage, given === undefined ? good : { ...good, activations: given });
    }).not.toThrow();
  });

  test.each([
    ["no sequence", 1, { ...good, variants: [] }, "there is no sequence"],
    ["an empty sequence", 1, { ...good, variants: [new Uint32Array()] }, "sequence 0 is empty"],
    ["an unknown row", 1, { ...good, variants: [Uint32Array.of(100)] }, "row 100 is not one of"],
    ["a negative count", 1, { ...good, candidates: -1 }, "-1 is no number of candidates"],
    ["no activations", 3, good, "there are no activations for layer 3"],
    ["another width", 3, { ...good, activations: activations(3, 4) }, "not [3, 6]"],
    ["another number of steps", 3, { ...good, activations: activations(2, 6) }, "not [3, 6]"],
    ["all steps behind layer 4", 5, { ...good, activations: activations(3, 6) }, "not [1, 6]"],
    [
      "too few numbers",
      3,
      { ...good, activations: { steps: 3, width: 6, data: new Float32Array(35) } },
      "with 35 numbers, not [3, 6] with 36",
    ],
  ])("is refused with %s", (_, stage, input, problem) => {
    expect(() => {
      check(stage, input);
    }).toThrow(
      expect.objectContaining({
        code: "REQUEST_INVALID",
        message: expect.stringContaining(problem) as string,
      }),
    );
  });
});

function check(stage: number, input: StageInput): void {
  const part = parts[stage - 1];
  if (part === undefined) throw new Error(`There is no stage ${stage}`);
  assertStageInput(input, part, manifest);
}

function activations(steps: number, width: number) {
  return { steps, width, data: new Float32Array(2 * steps * width) };
}
