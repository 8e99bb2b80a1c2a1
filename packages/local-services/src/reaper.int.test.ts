import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../test/make-machine.ts";
import { pollUntil } from "../test/poll-until.ts";
import { endProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";

/** Starts a sleeper that a reaper watches, tells its identity, and then waits or ends. */
const STARTER = (index: string, folder: string, last: string) => `
  const { startProgram, startReaper } = await import(${JSON.stringify(index)});
  const reaper = startReaper(0);
  const sleeper = startProgram({
    name: "sleeper", command: "/bin/sleep", args: ["600"], logFile: ${JSON.stringify(join(folder, "log"))},
  });
  reaper.watch(sleeper);
  reaper.watchFolder(${JSON.stringify(join(folder, "data"))});
  console.log(JSON.stringify(sleeper.identity));
  ${last}
`;

async function startStarter(last: string) {
  const folder = await makeFolder();
  await mkdir(join(folder, "data"));
  const index = new URL("./index.ts", import.meta.url).href;
  const starter = spawn(process.execPath, [
    "--input-type=module",
    "--eval",
    STARTER(index, folder, last),
  ]);
  const [said] = (await once(starter.stdout, "data")) as [Buffer];
  return { starter, folder, sleeper: JSON.parse(said.toString()) as ProcessIdentity };
}

describe("a reaper", () => {
  it("ends what a killed starter left and removes its folder", async () => {
    const { starter, folder, sleeper } = await startStarter("setInterval(() => {}, 1000);");
    expect(isAlive(sleeper)).toBe(true);
    starter.kill("SIGKILL");
    await pollUntil(() => !isAlive(sleeper));
    await pollUntil(() => !existsSync(join(folder, "data")));
  });

  it("that is dismissed leaves everything as it is, and keeps nobody alive", async () => {
    const { starter, folder, sleeper } = await startStarter("reaper.dismiss();");
    const closed = once(starter, "close");
    await endProcess(sleeper, 0);
    await closed;
    expect(existsSync(join(folder, "data"))).toBe(true);
    expect(await readFile(join(folder, "log"), "utf8")).toBe("");
  });
});
