/** `segue dispatcher`: a process that plans, watches over and merges what compute nodes do. */
import { parseDispatcherConfig, stageCountOf } from "@segue/config";
import { pipelineTopics } from "@segue/contracts";
import { dispatcherOptionsFor } from "@segue/domain";
import { loadModelDirectory } from "@segue/model";
import { PRODUCT_VERSION, runProcess } from "@segue/runtime";
import { createTrendingList } from "@segue/store";
import { createDispatcher } from "./app.ts";

/** Resolves when the process has served and left in order. */
export async function main(): Promise<void> {
  const config = parseDispatcherConfig();
  const replica = `dispatcher-${config.instance}`;
  await runProcess({ replica, settings: config }, async (parts) => {
    const { bus, logger, metrics, now, operationsAddress, waitFor, closers } = parts;
    const stageCount = stageCountOf(config.stages);
    const { shards: shardCount, instance } = config;
    const topics = pipelineTopics({ stageCount, shardCount, instancesMax: instance });
    await waitFor(() => bus.ensureTopics(topics));
    const store = await parts.openStore();
    const models = await waitFor(() => loadModelDirectory(store.models));
    const trending = await createTrendingList({ ...store, logger, now });
    closers.add(() => trending.close());
    const dispatcher = await createDispatcher({
      bus,
      models,
      trending: () => trending.songs(),
      replica,
      instance,
      about: { productVersion: PRODUCT_VERSION, operationsAddress },
      logger,
      metrics,
      now,
      options: dispatcherOptionsFor(config),
    });
    return {
      address: operationsAddress,
      isReady: () => dispatcher.isReady(),
      close: () => dispatcher.close(),
    };
  });
}
