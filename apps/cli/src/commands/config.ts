/** `segue config check`: reads the environment as `serve` would, without starting anything. */
import { describeSettings, parseServeConfig } from "@segue/config";
import { Command } from "commander";
import { printResult } from "../output/result.ts";
import { renderPairs } from "../output/table.ts";

export function configCommand(): Command {
  const config = new Command("config").description("check the settings");
  config
    .command("check")
    .description("tell every problem of the SEGUE_ variables at once")
    .action((_flags, command: Command) => {
      const settings = parseServeConfig();
      printResult(command, settings, renderPairs(describeSettings(settings)));
    });
  return config;
}
