/**
 * Finds what a service runs with: a Docker engine, programs on the machine, packages that can be
 * installed, in this order; otherwise one error that names the ways. An address of a service that
 * runs already comes before all of them and is the caller's to know.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@segue/errors";
import { canInstallPackages, installPackages } from "./apt-packages.ts";
import { bringImage, findDockerEngine } from "./docker-engine.ts";
import { withFileLock } from "./file-lock.ts";
import type { Machine } from "./machine.ts";
import type { StepListener } from "./service-launch.ts";

export interface ServiceNeed<Programs> {
  /** As a person calls it: "Kafka". */
  readonly title: string;
  /** What the operator can say instead: "set SEGUE_KAFKA_BROKERS to the addresses of its brokers". */
  readonly givenInstead: string;
  readonly image: string;
  /** Lists of Debian packages, tried in order. */
  readonly packages: readonly (readonly string[])[];
  /** The programs on this machine, or what is missing of them: "java 17 or later". */
  readonly findPrograms: (machine: Machine) => Promise<Found<Programs>>;
}

export type Found<Programs> =
  | { readonly programs: Programs }
  | { readonly missing: readonly string[] };

export type FoundService<Programs> =
  | { readonly way: "container"; readonly docker: string; readonly image: string }
  | { readonly way: "programs"; readonly programs: Programs };

/** Throws SERVICE_MISSING. */
export async function findService<Programs>(
  need: ServiceNeed<Programs>,
  machine: Machine,
  onStep: StepListener,
): Promise<FoundService<Programs>> {
  const docker = await findDockerEngine(machine);
  if (docker !== undefined) {
    onStep(`Fetching the image ${need.image}`);
    const problem = await bringImage(docker, need.image);
    if (problem === undefined) return { way: "container", docker, image: need.image };
    onStep(`Docker has no ${need.image} (${problem}); looking for programs on this machine`);
  }
  const found = await need.findPrograms(machine);
  if ("programs" in found) return { way: "programs", programs: found.programs };
  if (!canInstallPackages(machine)) throw missingError(need, found.missing);
  const problem = await installForAll(need, machine, onStep);
  const installed = await need.findPrograms(machine);
  if ("programs" in installed) return { way: "programs", programs: installed.programs };
  throw missingError(need, installed.missing, problem);
}

/** One process at a time: another one may be installing the very same packages. */
async function installForAll(
  need: ServiceNeed<unknown>,
  machine: Machine,
  onStep: StepListener,
): Promise<string | undefined> {
  await mkdir(machine.cacheFolder, { recursive: true });
  return withFileLock(join(machine.cacheFolder, "packages.lock"), async () => {
    if ("programs" in (await need.findPrograms(machine))) return undefined;
    return installPackages(machine, need.packages, onStep);
  });
}

function missingError(
  need: ServiceNeed<unknown>,
  missing: readonly string[],
  problem?: string,
): AppError {
  const why = problem === undefined ? ". " : `, and installing it failed:\n${problem}\n`;
  return new AppError(
    "SERVICE_MISSING",
    `${need.title} was not found: this machine has no running Docker engine and no ` +
      `${missing.join(" and no ")}${why}` +
      `One of these helps: ${need.givenInstead}; start Docker; install ${missing.join(" and ")} ` +
      `(on Debian: apt-get install ${need.packages[0]?.join(" ")}); ` +
      "run this as root on Debian or Ubuntu, which then installs it.",
    { details: { missing } },
  );
}
