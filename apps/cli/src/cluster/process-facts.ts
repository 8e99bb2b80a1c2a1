/** What the system knows about a process. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface ProcessFacts {
  /** Stopped by a signal, as SIGSTOP does, until SIGCONT. */
  readonly isPaused: boolean;
  /** Resident; null where the process is gone. */
  readonly memoryBytes: number | null;
}

const UNKNOWN: ProcessFacts = { isPaused: false, memoryBytes: null };

export async function processFacts(pid: number): Promise<ProcessFacts> {
  try {
    return await (process.platform === "linux" ? factsOnLinux(pid) : factsByPs(pid));
  } catch {
    return UNKNOWN;
  }
}

async function factsOnLinux(pid: number): Promise<ProcessFacts> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1];
  const kibibytes = field("VmRSS");
  return {
    isPaused: field("State") === "T",
    memoryBytes: kibibytes === undefined ? null : Number(kibibytes) * 1024,
  };
}

async function factsByPs(pid: number): Promise<ProcessFacts> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "state=,rss=", "-p", String(pid)]);
  const [state = "", kibibytes] = stdout.trim().split(/\s+/);
  return { isPaused: state.startsWith("T"), memoryBytes: Number(kibibytes) * 1024 };
}
