/** `segue api`, `dispatcher`, `compute` and `analytics`: one process of a cluster each. */
import { Command } from "commander";

const HELP =
  "\nSettings are environment variables: SEGUE_KAFKA_BROKERS, SEGUE_DATABASE_URL, SEGUE_INSTANCE and\n" +
  "more; docs/reference/config.md explains them. The process waits for what is not there yet, says\n" +
  "for what, prints one JSON line when it serves, and on SIGTERM finishes what it has.";

export function apiCommand(): Command {
  return new Command("api")
    .description("one API server of a cluster")
    .addHelpText("after", HELP)
    .action(async () => {
      const { main } = await import("@segue/api/main");
      await main();
    });
}

export function dispatcherCommand(): Command {
  return new Command("dispatcher")
    .description("one dispatcher of a cluster")
    .addHelpText("after", HELP)
    .action(async () => {
      const { main } = await import("@segue/dispatcher/main");
      await main();
    });
}

export function computeCommand(): Command {
  return new Command("compute")
    .description("one compute node of a cluster, for one stage of the model")
    .requiredOption("--stage <stage>", "its number from 1, or its layers, such as 1-2")
    .option("--shard <shard>", "of the last stage, from 0", "0")
    .addHelpText("after", HELP)
    .action(async (flags: { stage: string; shard: string }) => {
      const { main } = await import("@segue/compute/main");
      await main(flags);
    });
}

export function analyticsCommand(): Command {
  return new Command("analytics")
    .description("the gRPC analytics services in a process of their own")
    .addHelpText(
      "after",
      "\nSettings are environment variables: SEGUE_GRPC_PORTS, SEGUE_GRPC_HOST, SEGUE_MAPREDUCE_NODES and\n" +
        "more; docs/reference/analytics.md explains the calls. The process prints one JSON line when it\n" +
        "serves, and on SIGTERM finishes what it has.",
    )
    .action(async () => {
      const { main } = await import("@segue/analytics/main");
      await main();
    });
}
