/** `segue api`: a process that answers HTTP; several stand behind a load balancer. */
import { parseApiConfig, stageCountOf } from "@segue/config";
import { pipelineTopics } from "@segue/contracts";
import { loadModelDirectory } from "@segue/model";
import { dataFolder, PRODUCT_VERSION, runProcess } from "@segue/runtime";
import { createSearchWorker } from "@segue/search";
import { createTrendingList, startPlayRetention } from "@segue/store";
import { createApi } from "./app.ts";

/** Resolves when the process has served and left in order. */
export async function main(): Promise<void> {
  const config = parseApiConfig();
  const replica = `api-${config.instance}`;
  await runProcess({ replica, settings: config }, async (parts) => {
    const { bus, logger, metrics, now, waitFor, closers } = parts;
    const { shards: shardCount, instance } = config;
    const stageCount = stageCountOf(config.stages);
    const topics = pipelineTopics({ stageCount, shardCount, instancesMax: instance });
    await waitFor(() => bus.ensureTopics(topics));
    const store = await parts.openStore();
    const models = await waitFor(() => loadModelDirectory(store.models));
    const search = await waitFor(() =>
      createSearchWorker({
        source: store.songs,
        directory: dataFolder(config.dataDir).searchFolder,
        onEvent: ({ name, ...fields }) =>
          logger[name === "search.failed" ? "error" : "info"](fields, name),
      }),
    );
    closers.add(() => search.close());
    const trending = await createTrendingList({ ...store, logger, now });
    closers.add(() => trending.close());
    const { clusterControl, playsRetentionDays: days, ...options } = config;
    closers.add(startPlayRetention({ ...store, logger, now, days }));
    const api = await createApi({
      ...store,
      users: store,
      bus,
      search,
      models,
      trending,
      logger,
      metrics,
      now,
      replica,
      instance,
      ...(config.webDir === undefined ? {} : { webFolder: config.webDir }),
      version: PRODUCT_VERSION,
      options: {
        ...options,
        host: config.httpHost,
        port: config.httpPort,
        ...(clusterControl === undefined ? {} : { clusterControl }),
      },
    });
    closers.add(() => api.close());
    return { address: await api.listen(), isReady: () => true, close: () => api.close() };
  });
}
