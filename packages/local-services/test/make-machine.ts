/** A machine that has only the programs that a test gives it, and folders that go with the test. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Machine } from "../src/machine.ts";

export interface TestMachine extends Machine {
  readonly folder: string;
  readonly programs: string;
}

/** Removed when the test is over. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "segue-local-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** @param programs by name, the shell script that stands for it */
export async function makeMachine(
  programs: Readonly<Record<string, string>>,
  { isRoot = false } = {},
): Promise<TestMachine> {
  const folder = await makeFolder();
  const machine = {
    folder,
    programs: join(folder, "bin"),
    programFolders: [join(folder, "bin")],
    cacheFolder: join(folder, "cache"),
    isRoot,
  };
  await mkdir(machine.programs);
  for (const [name, script] of Object.entries(programs)) {
    await writeProgram(machine, name, script);
  }
  return machine;
}

export async function writeProgram(
  machine: TestMachine,
  name: string,
  script: string,
): Promise<void> {
  const file = join(machine.programs, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}
