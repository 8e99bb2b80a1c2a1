/** Installs what is missing from Debian's or Ubuntu's packages, without starting their services. */
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram, type Machine } from "./machine.ts";
import { type CommandResult, runCommand } from "./run-command.ts";
import type { StepListener } from "./service-launch.ts";
import { keepFile } from "./state-folder.ts";

/** Untranslated, as a held lock is told from the text. */
const ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
const LOCK_POLL_MS = 1000;
const LOCK_WAIT_MS = 300_000;

/**
 * Maintainer scripts ask this file before they start a service; 101 says that they must not
 * (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt).
 */
const POLICY_FILE = "/usr/sbin/policy-rc.d";
const POLICY = "#!/bin/sh\n# Written by Segue for as long as it installs packages.\nexit 101\n";

export function canInstallPackages(machine: Machine): boolean {
  return machine.isRoot && findProgram(machine, "apt-get") !== undefined;
}

/**
 * Undefined when one of the alternatives (lists of packages, tried in order) was installed;
 * otherwise what apt-get said of the last.
 */
export async function installPackages(
  machine: Machine,
  alternatives: readonly (readonly string[])[],
  onStep: StepListener,
): Promise<string | undefined> {
  const aptGet = findProgram(machine, "apt-get");
  if (aptGet === undefined) return "there is no apt-get";
  const run = (args: readonly string[]) => runUnlocked(aptGet, args, onStep);
  onStep("Refreshing the package lists");
  // Lists that cannot be refreshed may still be good enough to install from.
  const refreshed = await run(["update", "-qq"]);
  const isOurPolicy = await forbidServiceStarts();
  let problem = "";
  try {
    for (const packages of alternatives) {
      onStep(`Installing ${packages.join(" ")}`);
      const installed = await run(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
      if (installed.code === 0) return undefined;
      problem = [refreshed.code === 0 ? "" : refreshed.output, installed.output].join("\n").trim();
    }
    return problem;
  } finally {
    if (isOurPolicy) await rm(POLICY_FILE, { force: true });
  }
}

/** Another apt-get at work is waited for: it may be installing the very same packages. */
async function runUnlocked(
  aptGet: string,
  args: readonly string[],
  onStep: StepListener,
): Promise<CommandResult> {
  const giveUpAt = performance.now() + LOCK_WAIT_MS;
  for (let hasTold = false; ; hasTold = true) {
    const result = await runCommand(aptGet, args, { environment: ENVIRONMENT });
    const isLocked =
      result.code !== 0 && /could not get lock|unable to (?:acquire|lock)/i.test(result.output);
    if (!isLocked || performance.now() >= giveUpAt) return result;
    if (!hasTold) onStep("Waiting for another package installation to end");
    await sleep(LOCK_POLL_MS);
  }
}

/** False when the machine has a policy of its own, which then stays in force. */
async function forbidServiceStarts(): Promise<boolean> {
  try {
    return (await keepFile(POLICY_FILE, POLICY, 0o755)).trim() === POLICY.trim();
  } catch {
    return false;
  }
}
