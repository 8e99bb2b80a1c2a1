import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@segue/errors";
import { describe, expect, it } from "vitest";
import { makeMachine, type TestMachine } from "../test/make-machine.ts";
import { findService, type ServiceNeed } from "./find-service.ts";
import { findProgram, type Machine } from "./machine.ts";

/** The real search with stand-ins for the programs that it asks. */
const NEED: ServiceNeed<string> = {
  title: "Kafka",
  givenInstead: "set SEGUE_KAFKA_BROKERS to the addresses of a running one",
  image: "apache/kafka:4.1.0",
  packages: [["openjdk-17-jre-headless"], ["default-jre-headless"]],
  findPrograms: (machine: Machine) => {
    const java = findProgram(machine, "java");
    return Promise.resolve(java === undefined ? { missing: ["java 17"] } : { programs: java });
  },
};

const ENGINE = `case "$1" in version) echo 27.0.1;; *) exit 0;; esac`;
const NO_ENGINE = `echo "Cannot connect to the Docker daemon" >&2; exit 1`;
const NO_IMAGE = `case "$1" in version) echo 27.0.1;; *) echo "no route to registry" >&2; exit 1;; esac`;

/** Installs `java` by a copy of itself, and notes what it was asked for. */
const APT_GET = `echo "$*" >> "$0.calls"; case "$1" in install) cp "$0" "$(dirname "$0")/java";; esac`;

async function find(machine: Machine) {
  const steps: string[] = [];
  const found = await findService(NEED, machine, (step) => steps.push(step));
  return { found, steps };
}

async function callsOf(machine: TestMachine, program: string): Promise<readonly string[]> {
  const file = join(machine.programs, `${program}.calls`);
  return existsSync(file) ? (await readFile(file, "utf8")).trim().split("\n") : [];
}

async function errorOf(machine: Machine): Promise<AppError> {
  const error: unknown = await find(machine).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe("a service", () => {
  it("runs in a container where a Docker engine answers", async () => {
    const machine = await makeMachine({ docker: ENGINE, java: "", "apt-get": APT_GET });
    const { found } = await find(machine);
    expect(found).toEqual({
      way: "container",
      docker: join(machine.programs, "docker"),
      image: "apache/kafka:4.1.0",
    });
  });

  it.each([
    ["Docker's client has no engine", NO_ENGINE],
    ["Docker cannot bring the image", NO_IMAGE],
  ])("runs on the machine when %s", async (_, docker) => {
    const machine = await makeMachine({ docker, java: "", "apt-get": APT_GET }, { isRoot: true });
    const { found } = await find(machine);
    expect(found).toEqual({ way: "programs", programs: join(machine.programs, "java") });
    expect(await callsOf(machine, "apt-get")).toEqual([]);
  });

  it("says why Docker was of no use", async () => {
    const { steps } = await find(await makeMachine({ docker: NO_IMAGE, java: "" }));
    expect(steps.join("\n")).toContain("no route to registry");
  });

  it("is installed as root, with progress told", async () => {
    const machine = await makeMachine({ "apt-get": APT_GET }, { isRoot: true });
    const { found, steps } = await find(machine);
    expect(found.way).toBe("programs");
    expect(steps).toEqual(["Refreshing the package lists", "Installing openjdk-17-jre-headless"]);
    expect(await callsOf(machine, "apt-get")).toEqual([
      "update -qq",
      "install -y -qq --no-install-recommends openjdk-17-jre-headless",
    ]);
  });

  it("is installed from the next alternative when the first is not to be had", async () => {
    const machine = await makeMachine(
      { "apt-get": `case "$*" in *openjdk*) exit 100;; esac; ${APT_GET}` },
      { isRoot: true },
    );
    expect((await find(machine)).steps.at(-1)).toBe("Installing default-jre-headless");
  });

  it("waits while another installation holds the lock", async () => {
    const held = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt)";
    const machine = await makeMachine(
      {
        "apt-get": `if [ "$1" = install ] && [ ! -e "$0.tried" ]; then
          touch "$0.tried"; echo "${held}" >&2; exit 100; fi; ${APT_GET}`,
      },
      { isRoot: true },
    );
    const { found, steps } = await find(machine);
    expect(found.way).toBe("programs");
    expect(steps.at(-1)).toBe("Waiting for another package installation to end");
  });

  it("is installed once by those who miss it at the same time", async () => {
    const machine = await makeMachine({ "apt-get": `sleep 0.1; ${APT_GET}` }, { isRoot: true });
    const all = await Promise.all([find(machine), find(machine), find(machine)]);
    expect(all.map(({ found }) => found.way)).toEqual(["programs", "programs", "programs"]);
    expect(await callsOf(machine, "apt-get")).toHaveLength(2);
  });

  it("that cannot be set up is missed with every way to get it", async () => {
    const error = await errorOf(await makeMachine({ "apt-get": APT_GET }));
    expect(error.code).toBe("SERVICE_MISSING");
    expect(error.message).toBe(
      "Kafka was not found: this machine has no running Docker engine and no java 17. " +
        "One of these helps: set SEGUE_KAFKA_BROKERS to the addresses of a running one; " +
        "start Docker; install java 17 (on Debian: apt-get install openjdk-17-jre-headless); " +
        "run this as root on Debian or Ubuntu, which then installs it.",
    );
  });

  it("that apt-get refuses to install is missed with what apt-get said", async () => {
    const refusing = `echo "E: Unable to locate package $5" >&2; exit 100`;
    const error = await errorOf(await makeMachine({ "apt-get": refusing }, { isRoot: true }));
    expect(error.code).toBe("SERVICE_MISSING");
    expect(error.message).toContain("E: Unable to locate package default-jre-headless");
  });
});
