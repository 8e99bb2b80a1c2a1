import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { eventually } from "@segue/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../test/stand-in.ts";
import { takeClusterLock } from "./cluster-lock.ts";

// Real: the lock, and another process that holds it.

const HOLDER = `const { takeClusterLock } = await import(${JSON.stringify(
  new URL("./cluster-lock.ts", import.meta.url).href,
)});
takeClusterLock(process.argv[1]); console.log("held"); setInterval(() => {}, 1000);`;

describe("takeClusterLock", () => {
  it("is had by one at a time", () => {
    const file = join(temporaryFolder(), "lock");
    const lock = takeClusterLock(file);
    expect(lock).toBeDefined();
    expect(takeClusterLock(file)).toBeUndefined();
    lock?.release();
    const next = takeClusterLock(file);
    expect(next).toBeDefined();
    next?.release();
  });

  it("is free again as soon as its holder was killed", async () => {
    const file = join(temporaryFolder(), "lock");
    const holder = spawn(process.execPath, ["--input-type=module", "-e", HOLDER, file]);
    onTestFinished(() => void holder.kill("SIGKILL"));
    await once(holder.stdout, "data");
    expect(takeClusterLock(file)).toBeUndefined();
    holder.kill("SIGKILL");
    const lock = await eventually(() => takeClusterLock(file), { timeoutMs: 5_000, what: "it" });
    lock.release();
  });
});
