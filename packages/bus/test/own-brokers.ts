/** Brokers of a test's own, to be killed, stopped and started again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type KafkaPlan,
  planKafka,
  type RunningProgram,
  type ServiceLaunch,
  startService,
  waitUntilReady,
} from "@segue/local-services";

export interface OwnBroker {
  readonly launch: ServiceLaunch;
  start(): Promise<void>;
  waitUntilReady(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended. */
  end(): Promise<void>;
}

export interface OwnBrokers {
  /** "host:port" of each. */
  readonly addresses: readonly string[];
  readonly brokers: readonly OwnBroker[];
  startAll(): Promise<void>;
  endAll(): Promise<void>;
  /** Ends them and removes what they wrote. */
  close(): Promise<void>;
}

const READY_MS = 90_000;

/** `prepare` may change the brokers' settings before they start. */
export async function createOwnBrokers(
  count: number,
  prepare: (plan: KafkaPlan) => Promise<void> = async () => {},
): Promise<OwnBrokers> {
  const folder = mkdtempSync(join(tmpdir(), "segue-brokers-"));
  const plan = await planKafka({ folder, brokers: count });
  await prepare(plan);
  const brokers = plan.launches.map(ownBroker);
  const endAll = async () => void (await Promise.all(brokers.map((broker) => broker.end())));
  return {
    addresses: plan.brokers,
    brokers,
    async startAll() {
      // None is ready before a majority of them runs.
      await Promise.all(brokers.map((broker) => broker.start()));
      await Promise.all(brokers.map((broker) => broker.waitUntilReady()));
    },
    endAll,
    async close() {
      await endAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ownBroker(launch: ServiceLaunch): OwnBroker {
  let program: RunningProgram | undefined;
  return {
    launch,
    async start() {
      program = await startService(launch, { logFile: join(launch.folder, "..", "log") });
    },
    async waitUntilReady() {
      if (program !== undefined) await waitUntilReady(launch, program, READY_MS);
    },
    kill: (signal) => program?.kill(signal),
    async end() {
      program?.kill("SIGCONT");
      program?.kill("SIGKILL");
      await program?.exited;
    },
  };
}
