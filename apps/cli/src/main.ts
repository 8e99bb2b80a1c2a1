#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
/** `segue`: the command line. Every command is a file in `commands/`. */
import { AppError } from "@segue/errors";
import { PRODUCT_VERSION } from "@segue/runtime";
import { Command, CommanderError } from "commander";
import { clusterCommand } from "./commands/cluster.ts";
import { configCommand } from "./commands/config.ts";
import { dbCommand } from "./commands/db.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { modelsCommand } from "./commands/models.ts";
import { processCommands } from "./commands/process-commands.ts";
import { recommendCommand } from "./commands/recommend.ts";
import { searchCommand } from "./commands/search.ts";
import { serveCommand } from "./commands/serve.ts";
import { trainCommand } from "./commands/train.ts";
import { EXIT_CODES, exitCodeFor, printError } from "./output/exit.ts";

function createProgram(): Command {
  const program = new Command("segue")
    .description(
      "Recommends the next songs: a trained RNN + LSTM network continues five songs or a playlist.",
    )
    .version(PRODUCT_VERSION)
    .option("--json", "print results and errors as JSON")
    .addHelpText("after", EXIT_HELP);
  for (const command of [
    serveCommand(),
    searchCommand(),
    recommendCommand(),
    trainCommand(),
    evaluateCommand(),
    modelsCommand(),
    dbCommand(),
    configCommand(),
    clusterCommand(),
    ...processCommands(),
  ]) {
    program.addCommand(command);
  }
  return program;
}

const EXIT_HELP = `
Exit codes:
  ${EXIT_CODES.fine}    done
  ${EXIT_CODES.failed}    failed; the message says what to do
  ${EXIT_CODES.usage}    wrong usage or invalid input
  ${EXIT_CODES.unavailable}    a service or model that it needs is not there; try again later
  ${EXIT_CODES.interrupted}  interrupted`;

/** Wrong usage is told like every other error, and by the command that was meant. */
function makeUsageErrorsThrow(command: Command, name: string): void {
  command
    .exitOverride()
    .showHelpAfterError(`(${name} --help tells more)`)
    .configureOutput(wantsJson ? { writeErr: () => {} } : {});
  for (const child of command.commands) makeUsageErrorsThrow(child, `${name} ${child.name()}`);
}

function toUsageError({ code, message }: CommanderError): AppError {
  const isBare = code === "commander.help";
  return new AppError("REQUEST_INVALID", isBare ? "A command is missing; see --help." : message);
}

const wantsJson = process.argv.includes("--json");
const program = createProgram();
makeUsageErrorsThrow(program, "segue");
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT_CODES.fine : EXIT_CODES.usage;
    if (wantsJson && error.exitCode !== 0) printError(toUsageError(error), wantsJson);
  } else {
    printError(error, wantsJson);
    process.exitCode = exitCodeFor(error);
  }
}
