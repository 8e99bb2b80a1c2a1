/** A program that stands in for a process of a cluster, and how tests start it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseFreePort, startProgram } from "@segue/local-services";
import { onTestFinished } from "vitest";
import type { ProcessLaunch } from "../src/cluster/supervised-process.ts";

/** Serves 200 on its port; SIGTERM ends it. */
const SERVER = `require("node:http").createServer((_, answer) => answer.end())
  .listen(Number(process.argv[1]), "127.0.0.1"); console.log("serving");`;

/** Removed, with what lies in it, after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "segue-cluster-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function standIn(
  folder: string,
  given: Partial<ProcessLaunch> & { readonly program?: string } = {},
): Promise<ProcessLaunch> {
  const { program = SERVER, replica = "api-1", ...rest } = given;
  const port = await chooseFreePort(`${folder} ${replica}`);
  const logFile = join(folder, `${replica}.log`);
  const args = ["-e", program, String(port)];
  return {
    replica,
    role: "api",
    stage: null,
    shard: null,
    port,
    logFile,
    startTimeoutMs: 10_000,
    stopGraceMs: 5_000,
    start: () =>
      Promise.resolve(startProgram({ name: replica, command: process.execPath, args, logFile })),
    isReady: async () => {
      try {
        const timeout = AbortSignal.timeout(500);
        return (await fetch(`http://127.0.0.1:${port}/`, { signal: timeout })).ok;
      } catch {
        return false;
      }
    },
    ...rest,
  };
}
