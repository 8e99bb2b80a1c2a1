/**
 * Starts the product once for all end-to-end files, the way a user does, on a fresh data folder.
 * SEGUE_E2E_ADDRESS tests one that runs already instead.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    readonly address: string;
  }
}

/** A first start builds the page and loads the demo. */
const START_TIMEOUT_MS = 90_000;

let product: Product | undefined;

export async function setup(project: TestProject): Promise<void> {
  const running = process.env["SEGUE_E2E_ADDRESS"];
  if (running === undefined) product = await startProduct();
  project.provide("address", running ?? product?.address ?? "");
}

export async function teardown(): Promise<void> {
  await product?.stop();
}

export interface Product {
  readonly address: string;
  stop(): Promise<void>;
}

/** @param environment settings beside those that keep it to itself */
export async function startProduct(environment: Record<string, string> = {}): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), "segue-e2e-"));
  const child = spawn(process.execPath, ["apps/cli/src/main.ts", "serve"], {
    env: {
      ...process.env,
      SEGUE_DATA_DIR: folder,
      SEGUE_HTTP_PORT: "0",
      SEGUE_GRPC_PORTS: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { address: await addressOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (why: string) =>
    reject(new Error(`${why}; it said:\n${said.slice(-40).join("\n")}`));
  const timer = setTimeout(() => fail("The product printed no address"), START_TIMEOUT_MS);
  child.once("exit", (code) => fail(`The product ended with code ${code}`));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      said.push(line);
      const address = /https?:\/\/[\w.[\]:-]+:\d+/.exec(line)?.[0];
      if (address !== undefined && stream === child.stdout) resolve(address);
    });
  }
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
