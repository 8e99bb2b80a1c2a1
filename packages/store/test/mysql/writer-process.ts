import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

const WRITER = join(import.meta.dirname, "writer.ts");

export interface WriterOptions {
  readonly url: string;
  /** What its plays are of. */
  readonly song: string;
  /** Keys are `first`, `first + step` ... */
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

export interface Writer {
  readonly process: ChildProcess;
  /** Outcome by key, as acknowledged. */
  readonly stored: ReadonlyMap<string, string>;
  /** "code reason" of the writes that failed and were repeated. */
  readonly failures: readonly string[];
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A process of its own that appends plays; see writer.ts. */
export function startWriter({ url, song, first, step, count }: WriterOptions): Writer {
  const numbers = [first, step, count].map(String);
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", WRITER, url, song, ...numbers],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const stored = new Map<string, string>();
  const failures: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const [key = "", ...rest] = line.split(" ");
    if (key === "failed") failures.push(rest.join(" "));
    else stored.set(key, rest.join(" "));
  });
  const ended = Promise.all([once(child, "exit"), once(lines, "close")]).then(
    ([[code, signal]]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }),
  );
  return { process: child, stored, failures, ended };
}
