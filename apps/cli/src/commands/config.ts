/** `segue config check`: reads the environment as `serve` would, without starting anything. */
import { parseServeConfig } from "@segue/config";
import { Command } from "commander";
import { printResult } from "../output/result.ts";

export function configCommand(): Command {
  const config = new Command("config").description("check the settings");
  config
    .command("check")
    .description("tell every problem of the SEGUE_ variables at once")
    .action((_flags, command: Command) => {
      const settings = parseServeConfig();
      const lines = Object.entries(settings).map(([name, value]) => `${name}: ${String(value)}`);
      printResult(command, settings, lines.join("\n"));
    });
  return config;
}
