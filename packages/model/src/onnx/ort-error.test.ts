import { AppError } from "@segue/errors";
import { describe, expect, test } from "vitest";

import { fromOrtError } from "./ort-error.ts";

describe("errors of onnxruntime", () => {
  test.each([
    ["Load model failed: Protobuf parsing failed.", "MODEL_INVALID"],
    ["[ShapeInferenceError] Mismatch between number of inputs", "MODEL_INVALID"],
    ["std::bad_alloc", "OVERLOADED"],
    ["Non-zero status code returned while running Gemm node", "INTERNAL"],
  ])("%j become %s with their cause", (text, code) => {
    const cause = new Error(text);
    const error = fromOrtError(cause, "run stage 2 of demo-1");
    expect(error).toMatchObject({ code, cause });
    expect(error.message).toContain("run stage 2 of demo-1");
  });

  test("that are ours already stay what they are", () => {
    const error = new AppError("MODEL_INVALID", "no such tensor");
    expect(fromOrtError(error, "load it")).toBe(error);
  });
});
