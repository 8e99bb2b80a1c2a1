/** Runs the program that prepares the database and tells its steps. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { AppError, CODE_TABLE, type ErrorCode } from "@segue/errors";
import type { StepListener } from "@segue/local-services";
import { tailLog } from "./log-files.ts";

export interface PreparationOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly signal: AbortSignal;
  readonly onStep: StepListener;
}

const PROGRAM = fileURLToPath(new URL("./prepare-database.ts", import.meta.url));
const LOG_LINES = 15;

/** Throws what the program failed with; CANCELLED by the signal, when it has ended. */
export async function runPreparation(options: PreparationOptions): Promise<void> {
  const { environment, logFile, signal, onStep } = options;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM], {
    // Of a group of its own, so that Ctrl-C reaches the supervisor alone.
    detached: true,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.pipe(createWriteStream(logFile, { flags: "a" }));
  const end = Promise.withResolvers<number | null>();
  child.once("error", () => end.resolve(null));
  child.once("close", end.resolve);
  createInterface({ input: child.stdout }).on("line", onStep);
  const cancel = () => child.kill("SIGKILL");
  signal.addEventListener("abort", cancel, { once: true });
  const code = await end.promise;
  signal.removeEventListener("abort", cancel);
  if (signal.aborted) throw new AppError("CANCELLED", "Preparing the database was given up.");
  if (code === 0) return;
  throw preparationError(tailLog(logFile, LOG_LINES).lines);
}

function preparationError(lines: readonly string[]): AppError {
  try {
    const { code, detail } = JSON.parse(lines.at(-1) ?? "") as { code: string; detail: string };
    if (code in CODE_TABLE) return new AppError(code as ErrorCode, detail);
  } catch {
    // It ended otherwise than by an error of ours.
  }
  return new AppError(
    "SERVICE_FAILED",
    `The database could not be prepared. It said:\n${lines.join("\n")}`,
  );
}
