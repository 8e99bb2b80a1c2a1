/** `segue compute`: a process that runs one part of the model, weights loaded from the database. */
import { parseComputeConfig } from "@segue/config";
import { pipelineTopics } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { type ModelPart, openServedParts, planPartition } from "@segue/model";
import { PRODUCT_VERSION, runProcess, withStore } from "@segue/runtime";
import { computePlaceOf, replicaNameOf } from "@segue/runtime/replica-name";
import { createComputeNode } from "./app.ts";
import { withServiceTime } from "./service-time.ts";

export interface ComputeFlags {
  /** A stage's number from 1, or its layers, such as "1-2". */
  readonly stage: string;
  /** From 0. */
  readonly shard: string;
}

/** Resolves when the process has served and left in order. */
export async function main(flags: ComputeFlags): Promise<void> {
  const config = parseComputeConfig();
  const part = partFor(flags, config);
  const replica = replicaNameOf(computePlaceOf(part), config.instance);
  await runProcess({ replica, settings: config }, async (parts) => {
    const { bus, logger, metrics, now, operationsAddress, waitFor } = parts;
    const topics = pipelineTopics({ stageCount: part.stageCount, shardCount: config.shards });
    await waitFor(() => bus.ensureTopics(topics));
    const onWorkerLost = (error: AppError) => logger.error({ err: error }, "worker.lost");
    const loadPools = () =>
      withStore(config, async (store) => {
        const served = await openServedParts(store.models, config, { now, onWorkerLost });
        const pools = await served.startPools(part);
        return pools.map((pool) => withServiceTime(pool, config.taskServiceMs));
      });
    const node = await createComputeNode({
      bus,
      part,
      replica,
      about: { productVersion: PRODUCT_VERSION, operationsAddress },
      loadPools: () => waitFor(loadPools),
      logger,
      metrics,
      now,
    });
    return {
      address: operationsAddress,
      isReady: () => node.isReady(),
      close: () => node.close(),
    };
  });
}

/** The part that the flags name; its range of rows is known only with the model. */
function partFor(
  flags: ComputeFlags,
  cut: { readonly stages: number | readonly number[]; readonly shards: number },
): ModelPart {
  const parts = planPartition({ songCount: Number.MAX_SAFE_INTEGER }, cut);
  const found = parts.find(
    ({ stage, layerFirst, layerLast, shard }) =>
      (flags.stage === String(stage) || flags.stage === `${layerFirst}-${layerLast}`) &&
      flags.shard === String(shard),
  );
  if (found !== undefined) return found;
  const choices = parts.map(({ stage, layerFirst, layerLast, shard, shardCount }) => {
    const shardText = shardCount === 1 ? "" : ` --shard ${shard}`;
    return `--stage ${stage}${shardText} (layers ${layerFirst}-${layerLast})`;
  });
  throw new AppError(
    "REQUEST_INVALID",
    `This cut has no stage ${flags.stage} with shard ${flags.shard}; there are ${choices.join(", ")}. SEGUE_STAGES and SEGUE_SHARDS say how the model is cut.`,
  );
}
