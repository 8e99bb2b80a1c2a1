/** What the pool and its worker threads say to each other. */
import { AppError, type ErrorCode, type ErrorDetails, toAppError } from "@segue/errors";

import type { StageWeights } from "../partition/stage-weights.ts";
import type { StageInput, StageOutput } from "./stage-run.ts";

/** Given to a worker at its start; the weights are shared memory. */
export interface WorkerStart {
  readonly weights: StageWeights;
  readonly threads: number;
}

export type ToWorker =
  | { readonly kind: "run"; readonly inputs: readonly StageInput[] }
  | { readonly kind: "close" };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly outputs: readonly StageOutput[]; readonly computeMs: number }
  | { readonly kind: "failed"; readonly error: PlainError };

/** An AppError as data: a thread boundary keeps neither its class nor its code. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

export function toPlainError(thrown: unknown): PlainError {
  const { code, message, details } = toAppError(thrown);
  return { code, message, details };
}

export function fromPlainError({ code, message, details }: PlainError): AppError {
  return new AppError(code, message, { details });
}
