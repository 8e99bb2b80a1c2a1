/** Chooses the partition of a key exactly as Kafka's default partitioner does. */

const MULTIPLIER = 0x5bd1e995;
const SEED = 0x9747b28c;

const encoder = new TextEncoder();

/** Partition of a key among `partitionCount`; equal keys get equal partitions. */
export function partitionFor(key: string, partitionCount: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitionCount;
}

/** The 32-bit MurmurHash2 with Kafka's seed (org.apache.kafka.common.utils.Utils#murmur2), signed. */
export function murmur2(bytes: Uint8Array): number {
  const wordsEnd = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < wordsEnd; at += 4) {
    let word = byteAt(bytes, at, 0) | byteAt(bytes, at + 1, 8);
    word |= byteAt(bytes, at + 2, 16) | byteAt(bytes, at + 3, 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  if (wordsEnd < bytes.length) {
    hash ^= byteAt(bytes, wordsEnd, 0);
    hash ^= byteAt(bytes, wordsEnd + 1, 8) | byteAt(bytes, wordsEnd + 2, 16);
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** A byte shifted to its place in a little-endian word; zero behind the end. */
function byteAt(bytes: Uint8Array, at: number, shift: number): number {
  return (bytes[at] ?? 0) << shift;
}
