/**
 * Which process a stored pid meant. A pid is given to a new process some time after its owner ended,
 * so that a pid alone must never be signalled; together with the start time it names one process.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Plain JSON, to be kept in a state file. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: the same for as long as the process lives, never the same for two processes. */
  readonly startTime: string;
}

const POLL_MS = 20;

/** Undefined when there is no such process, or when it has ended and only waits for its parent. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === "linux" ? startTimeOnLinux(pid) : startTimeByPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/**
 * Signals the process and the children in its group. False, and nothing is signalled, when the
 * process is gone, even where another one has its pid now.
 */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  for (const target of [-identity.pid, identity.pid]) {
    try {
      process.kill(target, signal);
      return true;
    } catch {
      // It leads no group, or it ended since the line above.
    }
  }
  return false;
}

/** SIGTERM, then SIGKILL after `graceMs`; resolves when the process is gone. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!signalProcess(identity, "SIGTERM")) return;
  // One that is stopped would get the signal only when it goes on.
  signalProcess(identity, "SIGCONT");
  const killAt = performance.now() + graceMs;
  while (isAlive(identity)) {
    if (performance.now() >= killAt) signalProcess(identity, "SIGKILL");
    await sleep(POLL_MS);
  }
}

/** Field 22 of /proc/PID/stat, in ticks since the boot; a boot has an id of its own. */
function startTimeOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}:${startTicks}`;
  } catch {
    return undefined;
  }
}

function startTimeByPs(pid: number): string | undefined {
  try {
    const [state, ...started] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith("Z") ? undefined : started.join(" ");
  } catch {
    return undefined;
  }
}
