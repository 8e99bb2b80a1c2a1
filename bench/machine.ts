/** What a benchmark says of the machine it ran on, so that its figures can be read later. */
import { cpus, loadavg, totalmem } from "node:os";

export interface Machine {
  readonly processor: string | undefined;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Of the last minute, the benchmark itself included. */
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadAverage: Number(loadavg()[0]?.toFixed(1)),
  };
}
