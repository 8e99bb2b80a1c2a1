import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder } from "../test/make-machine.ts";
import { pollUntil } from "../test/poll-until.ts";
import { endProcess, identityOf, isAlive, signalProcess } from "./process-identity.ts";
import { type RunningProgram, startProgram } from "./start-program.ts";

/** A program that says "up" and runs until it is ended. */
async function start(
  script: string,
  environment?: Readonly<Record<string, string>>,
): Promise<RunningProgram & { readonly folder: string }> {
  const folder = await makeFolder();
  const program = startProgram({
    name: "sleeper",
    command: "/bin/sh",
    args: ["-c", `${script}; echo up; while :; do sleep 0.1; done`],
    folder,
    logFile: join(folder, "logs", "sleeper.log"),
    ...(environment === undefined ? {} : { environment }),
  });
  onTestFinished(async () => {
    program.kill("SIGKILL");
    await program.exited;
  });
  await pollUntil(async () => (await readFile(program.logFile, "utf8")).endsWith("up\n"));
  return { ...program, folder };
}

const STUBBORN = "trap '' TERM";

describe("a started program", () => {
  it("has what it says on both channels in its log, and its folder and environment", async () => {
    const program = await start("pwd; echo $COLOUR >&2", { COLOUR: "teal", PATH: "/usr/bin:/bin" });
    expect(await readFile(program.logFile, "utf8")).toBe(`${program.folder}\nteal\nup\n`);
  });

  it("ends by SIGTERM, at once", async () => {
    const program = await start(":");
    expect(await program.stop(60_000)).toEqual({ code: null, signal: "SIGTERM" });
    expect(isAlive(program.identity)).toBe(false);
  });

  it("is killed when its grace is over", async () => {
    const program = await start(STUBBORN);
    expect(await program.stop(50)).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("ends although it was stopped by a signal", async () => {
    const program = await start(":");
    program.kill("SIGSTOP");
    expect(await program.stop(60_000)).toEqual({ code: null, signal: "SIGTERM" });
  });

  it("takes its children with it", async () => {
    const program = await start(
      `sh -c 'echo $$ > child; ${STUBBORN}; while :; do sleep 0.1; done' & true`,
    );
    await pollUntil(() => existsSync(join(program.folder, "child")));
    const child = identityOf(Number(await readFile(join(program.folder, "child"), "utf8")));
    program.kill("SIGKILL");
    await program.exited;
    await pollUntil(() => child !== undefined && !isAlive(child));
  });

  it("leads a group of its own, which Ctrl-C in a terminal does not reach", async () => {
    const { pid } = await start(":");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    expect(Number(stat.split(" ")[4])).toBe(pid);
  });

  it("may be signalled after its end, to no effect", async () => {
    const program = await start(":");
    await program.stop(60_000);
    program.kill("SIGKILL");
    expect(await program.stop(0)).toEqual({ code: null, signal: "SIGTERM" });
  });

  it("that does not exist is told by its name and command", async () => {
    const folder = await makeFolder();
    const logFile = join(folder, "log");
    expect(() =>
      startProgram({ name: "broker-1", command: "/no/such/java", args: [], logFile }),
    ).toThrow(/broker-1 did not start: \/no\/such\/java does not exist/);
  });
});

describe("a stored identity", () => {
  it("names a living process and no other that has its pid", async () => {
    const { identity } = await start(":");
    const stale = { ...identity, startTime: "of a process that had this pid before" };
    expect(isAlive(identity)).toBe(true);
    expect(isAlive(stale)).toBe(false);
    expect(signalProcess(stale, "SIGKILL")).toBe(false);
    await endProcess(stale, 0);
    expect(isAlive(identity)).toBe(true);
  });

  it("ends its process by SIGTERM, or by SIGKILL when the grace is over", async () => {
    const [gentle, stubborn] = await Promise.all([start(":"), start(STUBBORN)]);
    await Promise.all([endProcess(gentle.identity, 60_000), endProcess(stubborn.identity, 50)]);
    expect(await gentle.exited).toEqual({ code: null, signal: "SIGTERM" });
    expect(await stubborn.exited).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("survives the way through a file", async () => {
    const { identity } = await start(":");
    expect(isAlive(JSON.parse(JSON.stringify(identity)) as typeof identity)).toBe(true);
  });

  it("of a process that never was is nobody's", () => {
    expect(identityOf(2 ** 22 + 1)).toBeUndefined();
  });
});
