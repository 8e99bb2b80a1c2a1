import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  planDatabase,
  type RunningProgram,
  startReaper,
  startService,
  waitUntilReady,
} from "@segue/local-services";
import { onTestFinished } from "vitest";
import { createDatabase, type TestDatabase } from "./test-database.ts";

/** A MariaDB server of this test alone, to be stopped, killed and started again. */
export interface OwnServer {
  readonly folder: string;
  readonly url: URL;
  readonly port: number;
  createDatabase(): Promise<TestDatabase>;
  /** Ready again; on the same port, with the same data. */
  start(): Promise<void>;
  /** SIGKILL ends it, SIGSTOP and SIGCONT hold it and let it go on. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface OwnServerOptions {
  /** Behind those that it has anyway. */
  readonly args?: readonly string[];
  /** Makes files that the arguments name. */
  readonly prepare?: (folder: string) => Promise<void>;
}

const READY_MS_MAX = 60_000;

/** Ended, with its data, when the test is over, however this process ends. */
export async function startOwnServer({
  args = [],
  prepare = async () => {},
}: OwnServerOptions = {}): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), "segue-database-"));
  const reaper = startReaper(0);
  reaper.watchFolder(folder);
  const plan = await planDatabase({ folder });
  await prepare(folder);
  const launch = { ...plan.launch, args: [...plan.launch.args, ...args] };
  let program: RunningProgram | undefined;
  onTestFinished(async () => {
    await program?.stop(0);
    reaper.dismiss();
    await rm(folder, { recursive: true, force: true });
  });
  const start = async (): Promise<void> => {
    program = await startService(launch, { logFile: join(folder, "database.log") });
    reaper.watch(program);
    await waitUntilReady(launch, program, READY_MS_MAX);
  };
  await start();
  const url = new URL(plan.url);
  return {
    folder,
    url,
    port: launch.port,
    createDatabase: () => createDatabase(url),
    start,
    async kill(signal) {
      program?.kill(signal);
      if (signal === "SIGKILL" || signal === "SIGTERM") await program?.exited;
    },
  };
}
