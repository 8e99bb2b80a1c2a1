import { describe, expect, test } from "vitest";

import { parseManifest } from "./parse-manifest.ts";
import { createRandomTensors } from "./random-checkpoint.ts";

const { manifest } = createRandomTensors({ songCount: 2 });

describe("manifest", () => {
  test("comes back from its text", () => {
    expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  test.each([
    ["format", 2, "has format 2"],
    ["version", "", "has an empty version"],
    ["version", 7, "lacks the text version"],
    ["dataHash", undefined, "lacks the text dataHash"],
    ["size", "XL", "has an unknown size"],
    ["songCount", 0, "lacks the positive number songCount"],
    ["artistCount", 1.5, "lacks the positive number artistCount"],
    ["seed", "1", "lacks the number seed"],
    ["dimensions", { embedding: 4 }, "lacks dimensions.embedding or dimensions.hidden"],
    ["metrics", [], "lacks metrics"],
  ])("is refused when its %s is %j", (field, value, problem) => {
    expect(() => parseManifest(JSON.stringify({ ...manifest, [field]: value }))).toThrow(
      expect.objectContaining({
        code: "MODEL_INVALID",
        message: expect.stringContaining(problem) as string,
      }),
    );
  });

  test.each(["", "{", "null", "[]"])("is refused when its text is %j", (text) => {
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: "MODEL_INVALID" }));
  });
});
