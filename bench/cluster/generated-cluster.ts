/** `segue cluster up` on a database of its own that holds a generated catalogue and a random model. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { planDatabase, startService, waitUntilReady } from "@segue/local-services";
import type { NetworkSize } from "@segue/model";
import { openMysqlStore } from "@segue/store";
import { fillStore } from "../recommend/generated-product.ts";

export interface GeneratedCluster {
  /** Of the balancer. */
  readonly address: string;
  readonly brokers: readonly string[];
  stop(): Promise<void>;
}

interface ClusterStatus {
  readonly address: string;
  readonly processes: readonly { readonly role: string; readonly port: number | null }[];
}

const READY_MS = 60_000;

export async function startGeneratedCluster(
  songCount: number,
  size: NetworkSize,
): Promise<GeneratedCluster> {
  const folder = mkdtempSync(join(tmpdir(), "segue-bench-cluster-"));
  const plan = await planDatabase({ folder: join(folder, "database") });
  const database = await startService(plan.launch, { logFile: join(folder, "database.log") });
  const endDatabase = async () => {
    await database.stop(20_000);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(plan.launch, database, READY_MS);
    const store = await openMysqlStore({ url: plan.url });
    await fillStore(store, songCount, size).finally(() => store.close());
    const segue = (...args: readonly string[]) =>
      runSegue(args, { SEGUE_DATA_DIR: folder, SEGUE_DATABASE_URL: plan.url });
    await segue("cluster", "up", "--detach", "--analytics", "0");
    const status = JSON.parse(await segue("cluster", "status", "--json")) as ClusterStatus;
    return {
      address: status.address,
      brokers: status.processes
        .filter(({ role }) => role === "broker")
        .map(({ port }) => `127.0.0.1:${port}`),
      stop: async () => {
        await segue("cluster", "down");
        await endDatabase();
      },
    };
  } catch (error) {
    await endDatabase();
    throw error;
  }
}

async function runSegue(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "apps/cli/src/main.ts", ...args],
    {
      env: {
        ...process.env,
        SEGUE_HTTP_PORT: "0",
        SEGUE_RATE_LIMIT_PER_MINUTE: "1000000",
        ...environment,
      },
      maxBuffer: 2 ** 24,
    },
  );
  return stdout;
}
