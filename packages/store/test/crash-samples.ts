import { song } from "./samples.ts";

export const BATCH_SONGS = 600;
export const CHUNK_BYTES = 16 * 1024;
const WEIGHT_BYTES = 40_000;

/** More songs than one statement takes, so that a batch could be torn. */
export function batchOf(batch: number): ReturnType<typeof song>[] {
  return Array.from({ length: BATCH_SONGS }, (_, index) => song(`b${batch}-${index}`));
}

export function weightsOf(model: number): Uint8Array {
  return new Uint8Array(WEIGHT_BYTES).map((_, index) => (index * (model + 7)) >>> 3);
}
