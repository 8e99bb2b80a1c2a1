import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { seededRandom } from "@segue/testkit";
import { expect } from "vitest";
import type { Store } from "../src/open-store.ts";
import type { Play } from "../src/plays/play-repository.ts";
import { acceptedOperations, consumeOperations } from "./listening-crash-samples.ts";
import { applyToList } from "./random-operations.ts";
import { expectRecounted } from "./recounted.ts";

export interface CrashOptions {
  /** A path, or the URL of a server's database. */
  readonly address: string;
  readonly open: () => Promise<Store>;
  readonly rounds: number;
  readonly seed: number;
}

const CHILD = join(import.meta.dirname, "listening-crash-child.ts");
const ACCEPTED_BEFORE_KILL = 10;
const KILL_AFTER_MS_MAX = 60;

/**
 * Ends processes that accept, store and count plays with SIGKILL, and lets what is left on the topic
 * be consumed again. Returns how many died while they were counting.
 */
export async function expectExactAfterKills(options: CrashOptions): Promise<number> {
  const random = seededRandom(options.seed);
  let accepted = -1;
  let killedCounting = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    const killAfterMs = KILL_AFTER_MS_MAX * random.next();
    const said = await runUntilKilled(options, accepted + 1, killAfterMs);
    if (said.isCounting) killedCounting += 1;
    const store = await options.open();
    try {
      while ((await consumeOperations(store)) > 0);
      const operations = await acceptedOperations(store);
      // It may have died between accepting some and saying so.
      expect(operations.size).toBeGreaterThan(said.accepted);
      accepted = operations.size - 1;
      const plays = new Map<string, Play>();
      for (const operation of operations.values()) applyToList(plays, operation);
      await expectRecounted(store, { plays: plays.values(), facts: () => undefined });
    } finally {
      await store.close();
    }
  }
  return killedCounting;
}

interface Said {
  /** Number of the last operation. */
  readonly accepted: number;
  readonly isCounting: boolean;
}

async function runUntilKilled(
  { address, seed }: CrashOptions,
  firstOperation: number,
  killAfterMs: number,
): Promise<Said> {
  const arguments_ = ["--disable-warning=ExperimentalWarning", CHILD, address];
  const child = spawn(process.execPath, [...arguments_, `${firstOperation}`, `${seed}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let accepted = firstOperation - 1;
  let isCounting = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, number] = line.split(" ");
    if (kind !== "accepted") {
      isCounting = kind === "counting";
      continue;
    }
    accepted = Number(number);
    const isLast = accepted === firstOperation + ACCEPTED_BEFORE_KILL;
    if (isLast) void setTimeout(killAfterMs).then(() => kill(child));
  }
  expect(await ended).toEqual([null, "SIGKILL"]);
  return { accepted, isCounting };
}

function kill(child: ChildProcess): void {
  child.kill("SIGKILL");
}
