// Real: processes that are ended by SIGKILL, and a MySQL or MariaDB server. Nothing is fake.
import { expect, onTestFinished, test } from "vitest";
import { openMysqlStore } from "../src/open-store.ts";
import { expectExactAfterKills } from "./listening-crash-cases.ts";
import { createDatabase } from "./mysql/test-database.ts";

const ROUNDS = 8;

test(`live statistics equal a recount after each of ${ROUNDS} processes killed while they count, on a server`, async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const { url } = database;
  const open = () => openMysqlStore({ url });
  const killedCounting = await expectExactAfterKills({
    address: url,
    open,
    rounds: ROUNDS,
    seed: 2,
  });
  expect(killedCounting).toBeGreaterThan(ROUNDS / 2);
});
