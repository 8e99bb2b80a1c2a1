/** A worker thread of an inference pool: one stage runner, one micro-batch at a time. */
import { parentPort, workerData } from "node:worker_threads";

import { invariant } from "@segue/errors";

import { createStageRunner, type StageRunner } from "../partition/stage-runner.ts";
import type { StageInput, StageOutput } from "./stage-run.ts";
import { warmUpInput } from "./warm-up-input.ts";
import {
  type FromWorker,
  type ToWorker,
  toPlainError,
  type WorkerStart,
} from "./worker-messages.ts";

const port = parentPort;
invariant(port !== null, "this file runs as a worker thread");

const { weights, threads } = workerData as WorkerStart;
try {
  const runner = await createStageRunner(weights, threads);
  await runner.run(warmUpInput(weights));
  port.on("message", (message: ToWorker) => {
    if (message.kind === "run") void run(runner, message.inputs);
    else void close(runner);
  });
  send({ kind: "ready" });
} catch (thrown) {
  send({ kind: "failed", error: toPlainError(thrown) });
}

async function run(runner: StageRunner, inputs: readonly StageInput[]): Promise<void> {
  const startedAtMs = performance.now();
  try {
    const outputs = await runner.runBatch(inputs);
    const computeMs = performance.now() - startedAtMs;
    send({ kind: "done", outputs, computeMs }, outputs.flatMap(buffersOf));
  } catch (thrown) {
    send({ kind: "failed", error: toPlainError(thrown) });
  }
}

async function close(runner: StageRunner): Promise<void> {
  await runner.close();
  port?.close();
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

/** Every array of an output has a buffer of its own, so it can be handed over without a copy. */
function buffersOf(output: StageOutput): ArrayBuffer[] {
  const arrays =
    output.kind === "activations"
      ? [output.activations.data]
      : [
          output.scored.rows,
          output.scored.scores,
          output.scored.variantScores,
          output.scored.artists,
          output.scored.versionGroups,
        ];
  return arrays.map((array) => array.buffer).filter((buffer) => buffer instanceof ArrayBuffer);
}
