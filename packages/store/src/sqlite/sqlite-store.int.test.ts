import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { describeStore } from "../../test/describe-store.ts";
import { openStore } from "../open-store.ts";

describeStore("SQLite in a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "segue-store-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return openStore({ path: join(folder, "segue.db") });
});

describeStore("SQLite in memory", () => openStore({ path: ":memory:" }));
