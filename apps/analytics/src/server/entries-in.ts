const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * How many entries the lists of an encoded message have, without an object for any: its fields that have
 * a length (https://protobuf.dev/programming-guides/encoding).
 * @param depth 1 counts the message's own, 2 those of the messages in it too
 * @param max beyond it the count is of no interest, and may stop
 */
export function entriesIn(message: Uint8Array, depth: 1 | 2, max: number): number {
  return countBetween(message, 0, message.length, depth, max);
}

function countBetween(
  bytes: Uint8Array,
  start: number,
  end: number,
  depth: number,
  max: number,
): number {
  let count = 0;
  let at = start;
  const readVarint = (): number => {
    let value = 0;
    // Seven bits of each byte, the lowest first; a number above 2^53 is no length.
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128 || at >= end) return value;
    }
  };
  while (at < end && count <= max) {
    const wireType = readVarint() % 8;
    if (wireType === VARINT) readVarint();
    else if (wireType === FIXED64) at += 8;
    else if (wireType === FIXED32) at += 4;
    // Of a message that is none, its reader says so.
    else if (wireType !== LENGTH) return count;
    else {
      const length = readVarint();
      count += 1;
      if (depth > 1) count += countBetween(bytes, at, Math.min(end, at + length), depth - 1, max);
      at += length;
    }
  }
  return count;
}
