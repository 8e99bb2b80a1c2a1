import { mostOf } from "./entry-order.ts";

const TRENDING_MAX = 5;
const SEPARATOR = " - ";

/**
 * The five most played of keys whose order means nothing, as in a map that came over a wire: ties
 * fall to the smaller key, by UTF-16 code units.
 */
export function trendingKeysOf(keys: readonly string[], counts: ArrayLike<number>): string[] {
  const byKey = (left: number, right: number) =>
    (keys[left] ?? "") < (keys[right] ?? "") ? -1 : 1;
  return mostOf(counts, TRENDING_MAX, byKey).map((entry) => keys[entry] ?? "");
}

/** The five most played of keys that come in parts, in order of first appearance. */
export class TrendingKeys {
  #best: { readonly key: string; readonly count: bigint }[] = [];

  add(keys: readonly string[], counts: readonly bigint[]): void {
    for (const [index, key] of keys.entries()) {
      const count = counts[index] ?? 0n;
      const last = this.#best.at(-1);
      if (this.#best.length === TRENDING_MAX && last !== undefined && count <= last.count) continue;
      const at = this.#best.findIndex((best) => count > best.count);
      this.#best.splice(at === -1 ? this.#best.length : at, 0, { key, count });
      this.#best.length = Math.min(this.#best.length, TRENDING_MAX);
    }
  }

  keys(): string[] {
    return this.#best.map(({ key }) => key);
  }
}

/** Of "Artist - SongID": what stands before the last " - ". */
export function artistPartOf(key: string): string {
  const end = key.lastIndexOf(SEPARATOR);
  return end === -1 ? key : key.slice(0, end);
}

/**
 * Whether a trending song is one to recommend: it is not by the user's top artist; without a top
 * artist nothing is recommended. The pipeline that this replaces looked for the top artist anywhere
 * in the key, which also struck artists ("Prince & The Revolution" for a listener of "Prince") and
 * song ids that contain the name.
 */
export function isRecommendedTo(topArtist: string, trendingKey: string): boolean {
  return topArtist !== "" && artistPartOf(trendingKey) !== topArtist;
}
