/** Between the pipeline's Protobuf messages and what inference takes and gives. */
import {
  create,
  fromBinary,
  type Hop,
  HopSchema,
  type Partial$ as PartialMessage,
  PartialSchema,
  type StageTask,
  StageTaskSchema,
} from "@segue/contracts";
import { AppError } from "@segue/errors";
import type { ActivationBatch, ModelPart, ScoredRows, StageInput } from "@segue/model";

/** Throws MESSAGE_UNREADABLE. */
export function decodeStageTask(value: Uint8Array): StageTask {
  try {
    return fromBinary(StageTaskSchema, value);
  } catch (cause) {
    throw new AppError("MESSAGE_UNREADABLE", "A stage task is not a Protobuf StageTask", { cause });
  }
}

/** Throws REQUEST_INVALID when the activations are not as long as their shape says. */
export function toStageInput(task: StageTask): StageInput {
  const variants = task.variants.map((variant) => Uint32Array.from(variant.rows));
  const input = {
    variants,
    maskedRows: Uint32Array.from(task.maskedRows),
    candidates: task.candidates,
  };
  if (task.activations === undefined) return input;
  const { steps, width, data } = task.activations;
  const bytes = 4 * variants.length * steps * width;
  if (data.byteLength !== bytes) {
    throw new AppError(
      "REQUEST_INVALID",
      `Activations of ${variants.length} x ${steps} x ${width} take ${bytes} bytes, not ${data.byteLength}`,
    );
  }
  return { ...input, activations: { steps, width, data: floatsOf(data) } };
}

/** The same task for the next stage, with this stage's output and account. */
export function nextTask(
  task: StageTask,
  activations: ActivationBatch,
  hop: Hop,
): Omit<StageTask, "shard"> {
  const { steps, width, data } = activations;
  return {
    ...task,
    stage: task.stage + 1,
    activations: {
      $typeName: "segue.v1.Activations",
      steps,
      width,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    },
    hops: [...task.hops, hop],
  };
}

export function toPartial(
  task: StageTask,
  replica: string,
  scored: ScoredRows,
  hop: Hop,
): PartialMessage {
  return create(PartialSchema, {
    ...outcomeOf(task, replica),
    rows: [...scored.rows],
    scores: [...scored.scores],
    variantScores: [...scored.variantScores],
    artistIds: [...scored.artists],
    versionGroupIds: [...scored.versionGroups],
    exhausted: scored.isExhausted,
    hops: [...task.hops, hop],
  });
}

export function toFailedPartial(task: StageTask, replica: string, error: AppError): PartialMessage {
  return create(PartialSchema, {
    ...outcomeOf(task, replica),
    hops: task.hops,
    failure: {
      code: error.code,
      message: error.message,
      detailsJson: JSON.stringify(error.details),
    },
  });
}

export function toHop(
  task: StageTask,
  part: ModelPart,
  replica: string,
  times: { readonly queueMs: number; readonly computeMs: number; readonly startedAtMs: number },
): Hop {
  return create(HopSchema, {
    role: "compute",
    stage: part.stage,
    layerFirst: part.layerFirst,
    layerLast: part.layerLast,
    shard: part.shard,
    replica,
    attempt: task.attempt,
    ...times,
  });
}

function outcomeOf(task: StageTask, replica: string) {
  const { requestId, attempt, modelVersion, stage, shard } = task;
  return { requestId, attempt, modelVersion, stage, shard, replica };
}

/** Copies: a field's bytes begin anywhere in their message, floats only at multiples of four. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}
