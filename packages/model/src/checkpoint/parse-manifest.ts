/** Reads a manifest from text that may come from anywhere. */
import { AppError } from "@segue/errors";

import type { ModelManifest } from "./manifest.ts";

/** Throws MODEL_INVALID that names the first field that does not fit. */
export function parseManifest(text: string): ModelManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError("MODEL_INVALID", "The model's manifest is not JSON; export it again", {
      cause,
    });
  }
  const problem = problemOf(value);
  if (problem !== null) {
    throw new AppError("MODEL_INVALID", `The model's manifest ${problem}; export it again`);
  }
  return value as ModelManifest;
}

function problemOf(value: unknown): string | null {
  if (!isObject(value)) return "is not an object";
  if (value["format"] !== 1) return `has format ${String(value["format"])}, this release reads 1`;
  for (const field of ["version", "createdAt", "dataHash", "command"]) {
    if (typeof value[field] !== "string") return `lacks the text ${field}`;
  }
  if (value["version"] === "") return "has an empty version";
  if (!["S", "M", "custom"].includes(String(value["size"]))) return "has an unknown size";
  for (const field of ["songCount", "artistCount"]) {
    if (!isCount(value[field])) return `lacks the positive number ${field}`;
  }
  if (typeof value["seed"] !== "number") return "lacks the number seed";
  const dimensions = value["dimensions"];
  if (!isObject(dimensions) || !isCount(dimensions["embedding"]) || !isCount(dimensions["hidden"]))
    return "lacks dimensions.embedding or dimensions.hidden";
  return isObject(value["metrics"]) ? null : "lacks metrics";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
