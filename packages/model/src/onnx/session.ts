/**
 * The one door to onnxruntime: a session over a graph's bytes, typed on plain arrays. A run computes
 * on the calling thread whatever its promise suggests, so serving calls it in worker threads only.
 */
import { AppError } from "@segue/errors";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

import { fromOrtError } from "./ort-error.ts";

export interface FloatTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** int32 and int64 are inputs only: every output of our graphs is float32. */
export interface InputTensor {
  readonly data: Float32Array | Int32Array | BigInt64Array;
  readonly shape: readonly number[];
}

export interface SessionOptions {
  /** Threads within one operator, 1 by default. */
  readonly threads?: number;
  /** For error messages: what this graph is, such as "stage 2 of demo-3f9a2c41". */
  readonly title?: string;
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Computes the named outputs. Arrays are read and written in place, without a copy.
   * @param into memory for outputs of known shape; the others get fresh arrays
   */
  run<Name extends string>(
    feeds: Readonly<Record<string, InputTensor>>,
    outputs: readonly Name[],
    into?: Readonly<Partial<Record<Name, FloatTensor>>>,
  ): Promise<Record<Name, FloatTensor>>;
  close(): Promise<void>;
}

export async function createSession(
  model: Uint8Array,
  options: SessionOptions = {},
): Promise<OnnxSession> {
  const title = options.title ?? "a graph";
  const session = await openSession(model, options.threads ?? 1, title);
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, outputs, into) {
      const inputs: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toOrtTensor(tensor);
      const fetches: Record<string, OrtTensor | null> = {};
      for (const name of outputs) {
        const target: FloatTensor | undefined = into?.[name];
        fetches[name] = target === undefined ? null : toOrtTensor(target);
      }
      try {
        const results = await session.run(inputs, fetches);
        return fromResults(results, outputs);
      } catch (thrown) {
        throw fromOrtError(thrown, `run ${title}`);
      }
    },
    async close() {
      await session.release();
    },
  };
}

async function openSession(
  model: Uint8Array,
  threads: number,
  title: string,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      logSeverityLevel: 3,
    });
  } catch (thrown) {
    throw fromOrtError(thrown, `load ${title}`);
  }
}

function toOrtTensor({ data, shape }: InputTensor): OrtTensor {
  if (data instanceof Float32Array) return new OrtTensor("float32", data, shape);
  if (data instanceof Int32Array) return new OrtTensor("int32", data, shape);
  return new OrtTensor("int64", data, shape);
}

function fromResults<Name extends string>(
  results: InferenceSession.OnnxValueMapType,
  outputs: readonly Name[],
): Record<Name, FloatTensor> {
  const tensors: Partial<Record<Name, FloatTensor>> = {};
  for (const name of outputs) {
    const value = results[name];
    const data = value?.data;
    if (value === undefined || !(data instanceof Float32Array)) {
      throw new AppError("MODEL_INVALID", `Output ${name} of the graph is missing or not float32`);
    }
    tensors[name] = { data, shape: value.dims };
  }
  return tensors as Record<Name, FloatTensor>;
}
