/** What a trained network is: all that scoring needs, without the optimiser's moments. */

export interface NetworkWeights {
  /** All dense weights, see dense-layout.ts. */
  readonly dense: Float32Array;
  /** [songs, D] */
  readonly songVectors: Float32Array;
  /** [songs] */
  readonly scoringBias: Float32Array;
}

export function copyWeights({ dense, songVectors, scoringBias }: NetworkWeights): NetworkWeights {
  return {
    dense: dense.slice(),
    songVectors: songVectors.slice(),
    scoringBias: scoringBias.slice(),
  };
}

export function overwriteWeights(target: NetworkWeights, source: NetworkWeights): void {
  target.dense.set(source.dense);
  target.songVectors.set(source.songVectors);
  target.scoringBias.set(source.scoringBias);
}
