/**
 * Draws songs in proportion to plays^alpha, in constant time (Walker's alias method), and knows the
 * logarithm of each song's chance for the correction of the sampled softmax.
 */
import type { Random } from "../random.ts";

export class NegativeSampler {
  /** log Q of each song; that of a song without plays is that of one with a single play. */
  readonly logChance: Float32Array;
  readonly #threshold: Float64Array;
  readonly #alias: Int32Array;

  constructor(plays: Int32Array, alpha: number) {
    const weights = Float64Array.from(plays, (count) => Math.max(1, count) ** alpha);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.logChance = Float32Array.from(weights, (weight) => Math.log(weight / total));
    this.#threshold = weights.map((weight) => (weight / total) * weights.length);
    this.#alias = new Int32Array(weights.length);
    this.#buildAliases();
  }

  draw(random: Random): number {
    const song = random.below(this.#threshold.length);
    return random.unit() < (this.#threshold[song] as number) ? song : (this.#alias[song] as number);
  }

  #buildAliases(): void {
    const small: number[] = [];
    const large: number[] = [];
    for (const [song, share] of this.#threshold.entries()) (share < 1 ? small : large).push(song);
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop() as number;
      const rich = large.pop() as number;
      this.#alias[poor] = rich;
      const rest = (this.#threshold[rich] as number) - (1 - (this.#threshold[poor] as number));
      this.#threshold[rich] = rest;
      (rest < 1 ? small : large).push(rich);
    }
    for (const song of [...small, ...large]) this.#threshold[song] = 1;
  }
}
