// Real: processes that are ended by SIGKILL, and a SQLite file. Nothing is fake.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../src/open-store.ts";
import { expectExactAfterKills } from "./listening-crash-cases.ts";

const ROUNDS = 20;
/** Each starts a process, which takes seconds where all suites run at once. */
const TIMEOUT_MS = 300_000;

test(
  `live statistics equal a recount after each of ${ROUNDS} processes killed while they count, on SQLite`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "segue-listening-crash-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const address = join(folder, "segue.db");
    const open = () => openStore({ path: address });
    const killedCounting = await expectExactAfterKills({ address, open, rounds: ROUNDS, seed: 1 });
    expect(killedCounting).toBeGreaterThan(ROUNDS / 2);
  },
  TIMEOUT_MS,
);
