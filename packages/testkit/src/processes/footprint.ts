/** What a process holds of the machine, as Linux tells it under /proc. */
import { readdir, readFile, readlink } from "node:fs/promises";

export interface Footprint {
  readonly residentBytes: number;
  readonly sockets: number;
  readonly files: number;
}

export async function footprintOf(pid: number): Promise<Footprint> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(
    // One that was closed meanwhile is none.
    descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "")),
  );
  return {
    residentBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024,
    sockets: targets.filter((target) => target.startsWith("socket:")).length,
    files: targets.filter((target) => target !== "").length,
  };
}

export interface FootprintBounds {
  /** Times of what it held before, plus `residentBytesMore`. */
  readonly residentFactor: number;
  readonly residentBytesMore: number;
  readonly socketsMore: number;
}

/** What grew beyond the bounds, in words; empty when nothing leaked. */
export function leaksBetween(
  before: Footprint,
  after: Footprint,
  bounds: FootprintBounds,
): readonly string[] {
  const residentMax = before.residentBytes * bounds.residentFactor + bounds.residentBytesMore;
  const socketsMax = before.sockets + bounds.socketsMore;
  return [
    ...(after.residentBytes > residentMax
      ? [`memory ${mebibytes(before.residentBytes)} -> ${mebibytes(after.residentBytes)}`]
      : []),
    ...(after.sockets > socketsMax ? [`sockets ${before.sockets} -> ${after.sockets}`] : []),
  ];
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MiB`;
}
