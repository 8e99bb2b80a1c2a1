#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
/** `segue`: the command line. Every command is a file in `commands/`. */
import { enableCompileCache } from "node:module";
import { AppError } from "@segue/errors";
import { PRODUCT_VERSION } from "@segue/runtime/version";
import { Command, CommanderError } from "commander";
import { EXIT_CODES, exitCodeFor, printError } from "./output/exit.ts";
import { failWithStdout } from "./output/stdout-failure.ts";

/** A command loads what it needs and not what the others do, which takes a second and 100 MB. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./commands/serve.ts")).serveCommand(),
  search: async () => (await import("./commands/search.ts")).searchCommand(),
  recommend: async () => (await import("./commands/recommend.ts")).recommendCommand(),
  train: async () => (await import("./commands/train.ts")).trainCommand(),
  evaluate: async () => (await import("./commands/evaluate.ts")).evaluateCommand(),
  analyze: async () => (await import("./commands/analyze.ts")).analyzeCommand(),
  models: async () => (await import("./commands/models.ts")).modelsCommand(),
  users: async () => (await import("./commands/users.ts")).usersCommand(),
  db: async () => (await import("./commands/db.ts")).dbCommand(),
  config: async () => (await import("./commands/config.ts")).configCommand(),
  cluster: async () => (await import("./commands/cluster.ts")).clusterCommand(),
  api: async () => (await import("./commands/process-commands.ts")).apiCommand(),
  dispatcher: async () => (await import("./commands/process-commands.ts")).dispatcherCommand(),
  compute: async () => (await import("./commands/process-commands.ts")).computeCommand(),
  analytics: async () => (await import("./commands/process-commands.ts")).analyticsCommand(),
};

/** With the command that the arguments name, or with all where they name none. */
async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("segue")
    .description(
      "Recommends the next songs: a trained RNN + LSTM network continues five songs or a playlist.",
    )
    .version(PRODUCT_VERSION)
    .option("--json", "print results and errors as JSON")
    .addHelpText("after", EXIT_HELP);
  const named = COMMANDS[args.find((arg) => !arg.startsWith("-")) ?? ""];
  const loads = named === undefined ? Object.values(COMMANDS) : [named];
  for (const load of loads) program.addCommand(await load());
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

// Compiling some hundreds of modules anew takes a quarter of a second.
enableCompileCache();

const wantsJson = process.argv.includes("--json");
failWithStdout(wantsJson);
const program = await createProgram(process.argv.slice(2));
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
