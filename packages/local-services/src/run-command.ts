/** Runs a program to its end and keeps what it said; the text of an error needs it. */
import { spawn } from "node:child_process";

export interface CommandResult {
  /** Null when it could not be started, was ended by a signal or took too long. */
  readonly code: number | null;
  /** Standard output and error, as they came, without the blanks around. */
  readonly output: string;
}

export interface CommandOptions {
  /** Added to the environment of this process by `env`, which every machine has. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly onLine?: (line: string) => void;
}

/** Never throws: a program that is missing has the result `{ code: null }`. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const assignments = Object.entries(options.environment ?? {}).map(
    ([name, value]) => `${name}=${value}`,
  );
  const [program = command, ...rest] =
    assignments.length === 0 ? [command, ...args] : ["env", ...assignments, command, ...args];
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const said: string[] = [];
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.timeoutMs === undefined
      ? {}
      : { timeout: options.timeoutMs, killSignal: "SIGKILL" }),
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said.push(text);
      if (options.onLine !== undefined) text.split("\n").filter(Boolean).forEach(options.onLine);
    });
  }
  const end = (code: number | null) => resolve({ code, output: said.join("").trim() });
  child.once("error", (error) => {
    said.push(error.message);
    end(null);
  });
  child.once("close", end);
  return promise;
}

/** The end of a text, for the last sentence of an error. */
export function lastLines(text: string, count = 20): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
