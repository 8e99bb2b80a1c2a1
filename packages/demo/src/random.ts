/** Seeded randomness: the same seed gives the same numbers on every machine. */

/** A stream of random numbers; drawing from one stream never moves another. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform whole number in [0, bound). */
  below(bound: number): number;
  /** Approximately normal, mean 0, deviation 1, within -3.5 and 3.5; no transcendental functions. */
  normal(): number;
  /** True with the given chance. */
  chance(probability: number): boolean;
}

/** Streams are named: a new use takes a new name and leaves the old streams as they were. */
export function createRandom(seed: number, ...names: readonly (string | number)[]): Random {
  let state = hash32(`${seed}/${names.join("/")}`);
  const next = (): number => {
    // mulberry32: 32 bits of state suffice for streams as short as these.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    normal: () =>
      next() +
      next() +
      next() +
      next() +
      next() +
      next() +
      next() +
      next() +
      next() +
      next() +
      next() +
      next() -
      6,
    chance: (probability) => next() < probability,
  };
}

/** A number in [0, 1) that belongs to a name: latent traits of artists and songs come from it. */
export function traitOf(seed: number, ...names: readonly (string | number)[]): number {
  return createRandom(seed, ...names).next();
}

/** Index of the first entry of `cumulative` above `point`; entries ascend. */
export function indexInCumulative(cumulative: Float64Array, point: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] ?? 0) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Draws an index with a chance proportional to its weight. */
export function drawCumulative(random: Random, cumulative: Float64Array): number {
  return indexInCumulative(cumulative, random.next() * (cumulative[cumulative.length - 1] ?? 0));
}

/** Running sums of the weights, as `drawCumulative` wants them. */
export function toCumulative(weights: ArrayLike<number>): Float64Array {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    sum += weights[index] ?? 0;
    cumulative[index] = sum;
  }
  return cumulative;
}

function hash32(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  }
  // FNV alone leaves names that differ in the last letter close together.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
