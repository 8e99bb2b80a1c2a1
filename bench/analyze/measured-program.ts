/** A program as its user meets it: from its start to its end, with the most memory it held. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface MeasuredRun {
  readonly seconds: number;
  /** Undefined where the system does not tell it (other than Linux). */
  readonly peakMiB: number | undefined;
  readonly stdout: string;
}

const LOOK_MS = 20;

/** @param args of Node, the program first */
export async function measureProgram(args: readonly string[]): Promise<MeasuredRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  let peakKiB = 0;
  const looking = setInterval(() => {
    peakKiB = Math.max(peakKiB, highWaterMark(child.pid));
  }, LOOK_MS);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, peakMiB: peakKiB === 0 ? undefined : Math.round(peakKiB / 1024), stdout };
}

function highWaterMark(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(status, "utf8"))?.[1] ?? 0);
  } catch {
    // It ended between the two.
    return 0;
  }
}
