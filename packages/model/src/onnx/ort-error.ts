/** Translates what onnxruntime throws into our errors; the only place that reads its texts. */
import { AppError } from "@segue/errors";

/** Texts of onnxruntime that mean the model itself cannot be used, now or later. */
const MODEL_FAULT =
  /protobuf|Load model|INVALID_GRAPH|NOT_IMPLEMENTED|ShapeInferenceError|Fail to/i;
const MEMORY_FAULT = /bad_alloc|failed to allocate|out of memory/i;

/** @param doing what was attempted, such as "run stage 2 of demo-3f9a2c41" */
export function fromOrtError(thrown: unknown, doing: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (MEMORY_FAULT.test(text)) {
    return new AppError(
      "OVERLOADED",
      `Not enough memory to ${doing} (${text}); give the process more memory or fewer workers`,
      { cause: thrown },
    );
  }
  if (MODEL_FAULT.test(text)) {
    return new AppError(
      "MODEL_INVALID",
      `onnxruntime refused to ${doing} (${text}); train or export the model again`,
      { cause: thrown },
    );
  }
  return new AppError("INTERNAL", `onnxruntime failed to ${doing}: ${text}`, { cause: thrown });
}
