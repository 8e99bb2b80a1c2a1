/**
 * Makes the network's outputs comparable between inputs: with the logarithm of their sum of
 * exponentials taken away, a score is the natural logarithm of the probability that the song comes
 * next (softmax). Raw outputs of a longer input are all lower or all higher than those of a shorter
 * one, which would drown what a left-out song did.
 *
 * The sum runs over a fixed sample of the catalogue, the same for every request, shard and cut, and is
 * scaled up to all songs: exact up to REFERENCE_SONGS_MAX songs, an estimate beyond.
 */

export const REFERENCE_SONGS_MAX = 2048;

/** The sample, with the weights of layer 6 for it. */
export interface ReferenceSongs {
  /** [songs, width] */
  readonly songVectors: Float32Array;
  /** [songs] */
  readonly bias: Float32Array;
  /** Songs of the whole catalogue. */
  readonly songCount: number;
}

/** Rows of the sample: all of them, or evenly spaced ones. */
export function referenceRowsFor(songCount: number): Uint32Array {
  const count = Math.min(songCount, REFERENCE_SONGS_MAX);
  return Uint32Array.from({ length: count }, (_, index) => Math.floor((index * songCount) / count));
}

/**
 * @param queries [variants, width]: output of layer 5
 * @returns [variants]: what is to be taken from the network's outputs
 */
export function logNormalisersOf(
  queries: Float32Array,
  width: number,
  reference: ReferenceSongs,
): Float64Array {
  const outputs = new Float64Array(reference.bias.length);
  const scale = Math.log(reference.songCount / reference.bias.length);
  return Float64Array.from({ length: queries.length / width }, (_, variant) => {
    const query = queries.subarray(variant * width, (variant + 1) * width);
    for (let song = 0; song < outputs.length; song++) {
      outputs[song] = outputOf(
        query,
        reference.songVectors,
        reference.bias[song] ?? 0,
        song * width,
      );
    }
    return scale + logSumOfExponentials(outputs);
  });
}

/** q . e + b in double precision, as four partial sums that are always taken in the same order. */
export function outputOf(
  query: Float32Array,
  songVectors: Float32Array,
  bias: number,
  vector: number,
): number {
  const width = query.length;
  const wholeEnd = width - (width % 4);
  let a = bias;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let unit = 0; unit < wholeEnd; unit += 4) {
    const v = vector + unit;
    a += (query[unit] ?? 0) * (songVectors[v] ?? 0);
    b += (query[unit + 1] ?? 0) * (songVectors[v + 1] ?? 0);
    c += (query[unit + 2] ?? 0) * (songVectors[v + 2] ?? 0);
    d += (query[unit + 3] ?? 0) * (songVectors[v + 3] ?? 0);
  }
  for (let unit = wholeEnd; unit < width; unit++)
    a += (query[unit] ?? 0) * (songVectors[vector + unit] ?? 0);
  return a + b + (c + d);
}

/** Relative to the largest, so that no exponential overflows. */
function logSumOfExponentials(values: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > largest) largest = value;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
