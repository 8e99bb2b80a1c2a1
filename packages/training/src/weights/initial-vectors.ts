/** Where song vectors begin: songs that share sessions begin close to each other. */
import { associationMatrix } from "../cooccurrence/association-matrix.ts";
import { spectralVectors } from "../cooccurrence/spectral-vectors.ts";
import type { Random } from "../random.ts";
import type { Sessions } from "../sessions/sessions.ts";

/** Root mean square of the initial components. */
const COMPONENT_SIZE = 0.15;
/** Keeps songs without associations apart. */
const NOISE = 0.01;

/** @returns [songs, width] */
export function initialSongVectors(
  training: Sessions,
  songCount: number,
  width: number,
  random: Random,
): Float32Array {
  const vectors = spectralVectors(associationMatrix(training, songCount), width, random);
  let squares = 0;
  for (const value of vectors) squares += value * value;
  const scale = COMPONENT_SIZE / Math.sqrt(squares / vectors.length + 1e-12);
  for (let index = 0; index < vectors.length; index++) {
    vectors[index] = (vectors[index] as number) * scale + (random.unit() * 2 - 1) * NOISE;
  }
  return vectors;
}
