/** The order in which an epoch visits the segments: shuffled, in batches of nearly equal length. */
import { RANDOM_PURPOSE, Random } from "../random.ts";
import type { Segments } from "./segments.ts";

/** So many batches are sorted by length together: little padding, and still a random mixture. */
const BATCHES_PER_BUCKET = 50;

/** The same plan for the same seed and epoch. */
export function planBatches(
  segments: Segments,
  batchSize: number,
  seed: number,
  epoch: number,
): Int32Array[] {
  const random = new Random(seed, RANDOM_PURPOSE.plan, epoch);
  const order = random.shuffle(Int32Array.from(segments.starts.keys()));
  const batches: Int32Array[] = [];
  const bucketSize = batchSize * BATCHES_PER_BUCKET;
  for (let from = 0; from < order.length; from += bucketSize) {
    const bucket = order.subarray(from, from + bucketSize);
    bucket.sort((one, other) => lengthOf(segments, one) - lengthOf(segments, other));
    for (let at = 0; at < bucket.length; at += batchSize) {
      batches.push(bucket.subarray(at, at + batchSize));
    }
  }
  return random.shuffle(batches);
}

function lengthOf(segments: Segments, index: number): number {
  return segments.steps[index] as number;
}
