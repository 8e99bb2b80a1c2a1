/** Own brokers beside those of the suite, as they are killed here. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { listen } from "../test/listen.ts";
import { makeFolder, makeMachine } from "../test/make-machine.ts";
import { type KafkaPlan, planKafka } from "./plan-kafka.ts";
import type { ServiceLaunch } from "./service-launch.ts";
import type { RunningProgram } from "./start-program.ts";
import { startService, waitUntilReady } from "./start-service.ts";

const READY_MS = 90_000;

async function start(launch: ServiceLaunch): Promise<RunningProgram> {
  const program = await startService(launch, { logFile: join(launch.folder, "..", "log") });
  onTestFinished(async () => {
    await program.stop(0);
  });
  return program;
}

async function startAll({ launches }: KafkaPlan): Promise<readonly RunningProgram[]> {
  const programs = await Promise.all(launches.map(start));
  await Promise.all(
    launches.map(async (launch, index) => {
      const program = programs[index];
      if (program !== undefined) await waitUntilReady(launch, program, READY_MS);
    }),
  );
  return programs;
}

describe("three brokers", () => {
  it("go on without one that was killed, and take it back on its data", async () => {
    const folder = await makeFolder();
    const plan = await planKafka({ folder });
    const programs = await startAll(plan);
    const [, launch] = plan.launches;
    const [, killed] = programs;
    if (launch === undefined || killed === undefined) throw new Error("There are three.");

    killed.kill("SIGKILL");
    expect(await killed.exited).toEqual({ code: null, signal: "SIGKILL" });
    const readiness = () => Promise.all(plan.launches.map((each) => each.isReady()));
    expect(await readiness()).toEqual([true, false, true]);
    await waitUntilReady(launch, await start(launch), READY_MS);
    expect(await readiness()).toEqual([true, true, true]);
  });

  it("are planned the same again in the folder of an earlier run, and not formatted", async () => {
    const folder = await makeFolder();
    const options = { folder, brokers: 1 };
    const first = await planKafka(options);
    const [program] = await startAll(first);
    program?.kill("SIGKILL");
    await program?.exited;
    const steps: string[] = [];
    const second = await planKafka({ ...options, onStep: (step) => steps.push(step) });
    expect(steps).toEqual([]);
    expect(second.brokers).toEqual(first.brokers);
    const [again] = await startAll(second);
    expect(await again?.stop(30_000)).toMatchObject({ signal: null });
  });
});

describe("a broker", () => {
  it("whose controller's port is taken is told with the end of its log", async () => {
    const plan = await planKafka({ folder: await makeFolder(), brokers: 1 });
    const [launch] = plan.launches;
    if (launch === undefined) throw new Error("There is one.");
    const file = join(launch.folder, "..", "server.properties");
    const properties = await readFile(file, "utf8");
    const [, controllerPort] = /CONTROLLER:\/\/127.0.0.1:(\d+)/.exec(properties) ?? [];
    await writeFile(file, properties.replaceAll(String(controllerPort), String(await listen(""))));
    await expect(
      start(launch).then((program) => waitUntilReady(launch, program, READY_MS)),
    ).rejects.toThrow(/broker-1 ended with code 1 before it was ready.*Address already in use/s);
  });

  it("is not planned for another number of brokers than its folder has", async () => {
    const folder = await makeFolder();
    await planKafka({ folder, brokers: 1 });
    await expect(planKafka({ folder, brokers: 3 })).rejects.toMatchObject({
      code: "SERVICE_FAILED",
      message: expect.stringContaining("a Kafka of 1 brokers, which cannot become 3") as string,
    });
  });

  it("is missed where nothing is there to run it", async () => {
    const machine = await makeMachine({});
    await expect(planKafka({ folder: await makeFolder(), machine })).rejects.toMatchObject({
      code: "SERVICE_MISSING",
      message: expect.stringContaining("no java 17 or later and no mvn") as string,
    });
  });

  it("takes a java that is new enough, also behind an older one", async () => {
    const older = await makeMachine({ java: `echo 'openjdk version "11.0.2"' >&2` });
    const newer = await makeMachine({ java: `echo 'openjdk version "21.0.1"' >&2; exit 7` });
    const machine = { ...older, programFolders: [older.programs, newer.programs] };
    await expect(planKafka({ folder: await makeFolder(), machine })).rejects.toMatchObject({
      code: "SERVICE_MISSING",
      details: { missing: ["mvn"] },
    });
  });

  it("cannot be planned where there is no folder to be had", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, "file"), "");
    await expect(planKafka({ folder: join(folder, "file", "kafka") })).rejects.toMatchObject({
      code: "SERVICE_FAILED",
      message: expect.stringContaining("check its disk and permissions") as string,
    });
  });
});
