/** `segue models`: the versions in the registry, and which one serves. */
import { parseToolConfig } from "@segue/config";
import { withStore } from "@segue/runtime";
import { Command } from "commander";
import { printResult } from "../output/result.ts";
import { renderTable } from "../output/table.ts";

export function modelsCommand(): Command {
  const models = new Command("models").description("list, promote and roll back model versions");
  models
    .command("list")
    .description("every registered version, oldest first")
    .action((_flags, command: Command) =>
      withStore(parseToolConfig(), async (store) => {
        const registered = await store.models.listModels();
        const table = renderTable(
          [
            { title: "version", value: (model: (typeof registered)[number]) => model.version },
            { title: "MB", value: (model) => (model.sizeBytes / 1e6).toFixed(1), align: "right" },
            { title: "registered", value: (model) => new Date(model.registeredAtMs).toISOString() },
            { title: "serves", value: (model) => (model.isPromoted ? "yes" : "") },
          ],
          registered,
        );
        printResult(
          command,
          { models: registered },
          registered.length === 0 ? "No model is registered; run `segue train`." : table,
        );
      }),
    );
  models
    .command("promote")
    .description("make a version the one that serves from the next start")
    .argument("<version>")
    .action((version: string, _flags, command: Command) =>
      withStore(parseToolConfig(), async (store) => {
        await store.models.promote(version);
        printResult(command, { promoted: version }, `${version} serves from the next start.`);
      }),
    );
  models
    .command("roll-back")
    .description("take the last promotion back")
    .action((_flags, command: Command) =>
      withStore(parseToolConfig(), async (store) => {
        const { version } = await store.models.rollBack();
        printResult(command, { promoted: version }, `${version} serves from the next start.`);
      }),
    );
  return models;
}
