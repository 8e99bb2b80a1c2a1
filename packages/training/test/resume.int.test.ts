import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "segue-resume-"));
afterEach(() => rmSync(folder, { recursive: true }));

test("a run killed twice ends with the very bytes of an uninterrupted one", async () => {
  const whole = await runChild("whole");
  expect(whole.signal).toBeNull();

  const first = await runChild("killed", (line) => line === "1 40");
  const second = await runChild("killed", (line) => line === "3 20");
  expect([first.signal, second.signal]).toEqual(["SIGKILL", "SIGKILL"]);
  expect(existsSync(join(folder, "killed.model"))).toBe(false);
  const last = await runChild("killed");

  expect(first.lines).not.toContain("resumed");
  expect([second.lines[0], last.lines[0]]).toEqual(["resumed", "resumed"]);
  expect(last.lines).not.toContain("1 20");
  const bytesOf = (name: string) => readFileSync(join(folder, `${name}.model`));
  expect(bytesOf("killed").equals(bytesOf("whole"))).toBe(true);
});

/** @param shouldKill asked at each line the child prints */
async function runChild(name: string, shouldKill: (line: string) => boolean = () => false) {
  const script = join(import.meta.dirname, "train-child.ts");
  const child = spawn(process.execPath, [
    "--conditions=source",
    script,
    join(folder, name),
    join(folder, `${name}.model`),
  ]);
  const lines: string[] = [];
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString().trim().split("\n")) {
      lines.push(line);
      if (shouldKill(line)) child.kill("SIGKILL");
    }
  });
  const signal = await new Promise<string | null>((resolve) => {
    child.once("close", (_code, closedBy) => resolve(closedBy));
  });
  if (signal === null && child.exitCode !== 0) throw new Error(`The child failed: ${errors}`);
  return { lines, signal };
}
