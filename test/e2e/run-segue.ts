/** Runs `segue` by its name, as an installed command is run, and keeps what it says. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Segue {
  kill(signal: NodeJS.Signals): void;
  /** Resolves once it has said that; rejects when it ends before. */
  says(what: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Run>;
}

type Environment = Readonly<Record<string, string>>;

const COMMANDS_FOLDER = resolve("node_modules/.bin");

export async function runSegue(args: readonly string[], environment?: Environment): Promise<Run> {
  return startSegue(args, environment).ended;
}

export function startSegue(args: readonly string[], environment: Environment = {}): Segue {
  const child = spawn("segue", args, {
    env: {
      ...process.env,
      PATH: [COMMANDS_FOLDER, process.env["PATH"]].join(delimiter),
      SEGUE_HTTP_PORT: "0",
      SEGUE_GRPC_PORTS: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const ended = once(child, "close").then(
    ([code]): Run => ({ code: code as number | null, ...said }),
  );
  return {
    kill: (signal) => void child.kill(signal),
    ended,
    async says(what) {
      const { promise, resolve: find, reject } = Promise.withResolvers<RegExpExecArray>();
      const look = () => {
        const match = what.exec(said.stdout) ?? what.exec(said.stderr);
        if (match !== null) find(match);
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      look();
      void ended.then(({ code, stderr }) =>
        reject(new Error(`It ended with ${code} before it said ${String(what)}:\n${stderr}`)),
      );
      return promise;
    },
  };
}

/** `segue serve`, ready at its address; killed at the end of the test if it still runs. */
export async function serve(
  dataDir: string,
  environment: Environment = {},
): Promise<Segue & { readonly address: string }> {
  const segue = startSegue(["serve"], { SEGUE_DATA_DIR: dataDir, ...environment });
  onTestFinished(async () => {
    segue.kill("SIGKILL");
    await segue.ended;
  });
  const [, address = ""] = await segue.says(/^Segue is ready at (\S+)$/m);
  return { ...segue, address };
}

/** Removed when the test is over. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "segue-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
