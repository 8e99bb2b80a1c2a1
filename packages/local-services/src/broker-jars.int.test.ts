import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeMachine, type TestMachine } from "../test/make-machine.ts";
import { bringBrokerJars, brokerJarsFolder, hasBrokerJars } from "./broker-jars.ts";

/** Writes two jars where Maven would, after a while, and notes that it was called. */
const MAVEN = `for word; do case "$word" in -DoutputDirectory=*) out="\${word#*=}";; esac; done
echo call >> "$0.calls"; sleep 0.1
echo broker > "$out/kafka_2.13-4.1.0.jar"; echo logger > "$out/log4j-slf4j-impl-2.24.3.jar"`;

async function bring(machine: TestMachine): Promise<void> {
  await bringBrokerJars(machine, join(machine.programs, "mvn"), () => undefined);
}

async function callsOf(machine: TestMachine): Promise<number> {
  const calls = await readFile(join(machine.programs, "mvn.calls"), "utf8");
  return calls.trim().split("\n").length;
}

describe("the broker's jars", () => {
  it("are brought once by those who want them at the same time", async () => {
    const machine = await makeMachine({ mvn: MAVEN });
    expect(await hasBrokerJars(machine)).toBe(false);
    await Promise.all([bring(machine), bring(machine), bring(machine)]);
    expect(await hasBrokerJars(machine)).toBe(true);
    expect(await callsOf(machine)).toBe(1);
    expect(await readdir(machine.cacheFolder)).toEqual(["kafka-4.1.0"]);
  });

  it("are brought again when one of them is cut short", async () => {
    const machine = await makeMachine({ mvn: MAVEN });
    await bring(machine);
    await writeFile(join(brokerJarsFolder(machine), "log4j-slf4j-impl-2.24.3.jar"), "log");
    expect(await hasBrokerJars(machine)).toBe(false);
    await bring(machine);
    expect(await hasBrokerJars(machine)).toBe(true);
    expect(await callsOf(machine)).toBe(2);
  });

  it("are brought although one who brought them died over it", async () => {
    const machine = await makeMachine({ mvn: MAVEN });
    await bring(machine);
    await writeFile(join(brokerJarsFolder(machine), "manifest.json"), "{");
    const lock = `${brokerJarsFolder(machine)}.lock`;
    await writeFile(lock, JSON.stringify({ pid: process.pid, startTime: "another process" }));
    await bring(machine);
    expect(await hasBrokerJars(machine)).toBe(true);
  });

  it("are missed with what Maven said, and nothing is left of the attempt", async () => {
    const machine = await makeMachine({ mvn: `echo "[ERROR] Unknown host"; exit 1` });
    await expect(bring(machine)).rejects.toMatchObject({
      code: "SERVICE_MISSING",
      message: expect.stringContaining("[ERROR] Unknown host") as string,
    });
    expect(await readdir(machine.cacheFolder)).toEqual([]);
  });

  it("are brought again when what was brought before lacks one that is wanted now", async () => {
    const machine = await makeMachine({ mvn: MAVEN });
    await bring(machine);
    const manifest = JSON.stringify({ sizes: { "kafka_2.13-4.1.0.jar": 7 } });
    await writeFile(join(brokerJarsFolder(machine), "manifest.json"), manifest);
    await bring(machine);
    expect(await callsOf(machine)).toBe(2);
  });

  it("are missed when Maven says nothing and brings nothing", async () => {
    const machine = await makeMachine({ mvn: "exit 0" });
    await expect(bring(machine)).rejects.toMatchObject({ code: "SERVICE_MISSING" });
    expect(await hasBrokerJars(machine)).toBe(false);
  });
});
