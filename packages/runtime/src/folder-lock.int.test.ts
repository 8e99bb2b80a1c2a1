import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@segue/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { takeFolderLock } from "./folder-lock.ts";

// Real: the lock, and another process that holds it.

const HOLDER = `const { takeFolderLock } = await import(${JSON.stringify(
  new URL("./folder-lock.ts", import.meta.url).href,
)});
takeFolderLock(process.argv[1]); console.log("held"); setInterval(() => {}, 1000);`;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "segue-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("takeFolderLock", () => {
  it("is had by one at a time", () => {
    const file = join(temporaryFolder(), "lock");
    const lock = takeFolderLock(file);
    expect(lock).toBeDefined();
    expect(takeFolderLock(file)).toBeUndefined();
    lock?.release();
    const next = takeFolderLock(file);
    expect(next).toBeDefined();
    next?.release();
  });

  it("is free again as soon as its holder was killed", async () => {
    const file = join(temporaryFolder(), "lock");
    const holder = spawn(process.execPath, ["--input-type=module", "-e", HOLDER, file]);
    onTestFinished(() => void holder.kill("SIGKILL"));
    await once(holder.stdout, "data");
    expect(takeFolderLock(file)).toBeUndefined();
    holder.kill("SIGKILL");
    const lock = await eventually(() => takeFolderLock(file), { timeoutMs: 5_000, what: "it" });
    lock.release();
  });
});
