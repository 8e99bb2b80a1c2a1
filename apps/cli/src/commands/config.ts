/** `segue config check`: reads the environment as a program would, without starting anything. */
import { describeSettings, PROGRAM_NAMES } from "@segue/config";
import { Argument, Command } from "commander";
import { printResult } from "../output/result.ts";
import { renderPairs } from "../output/table.ts";

export function configCommand(): Command {
  const config = new Command("config").description("check the settings");
  config
    .command("check")
    .description("tell every problem of the SEGUE_ variables at once")
    .addArgument(
      new Argument("[program]", "whose settings").choices(PROGRAM_NAMES).default("serve"),
    )
    .action((program: (typeof PROGRAM_NAMES)[number], _flags, command: Command) => {
      const settings = describeSettings(program);
      printResult(command, Object.fromEntries(settings), renderPairs(settings));
    });
  return config;
}
