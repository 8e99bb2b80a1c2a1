/** What a model version says of itself; stored in its checkpoint's header and in the registry. */

export type NetworkSize = "S" | "M";

export interface NetworkDimensions {
  /** D: width of a song vector. */
  readonly embedding: number;
  /** H: width of the recurrent layers. */
  readonly hidden: number;
}

/** Layers: 1 embedding, 2 simple RNN, 3 and 4 LSTM, 5 projection, 6 scoring. */
export const LAYER_COUNT = 6;

export const NETWORK_SIZES: Readonly<Record<NetworkSize, NetworkDimensions>> = {
  S: { embedding: 64, hidden: 128 },
  M: { embedding: 128, hidden: 256 },
};

export interface ModelManifest {
  readonly format: 1;
  /** Names the version everywhere, such as `demo-3f9a2c41`: a name and the start of `dataHash`'s and weights' digest. */
  readonly version: string;
  readonly size: NetworkSize | "custom";
  readonly dimensions: NetworkDimensions;
  readonly songCount: number;
  readonly artistCount: number;
  readonly createdAt: string;
  readonly seed: number;
  /** SHA-256 of the training sessions in order. */
  readonly dataHash: string;
  /** The command that makes the same weights again. */
  readonly command: string;
  /** Held-out metrics by method, such as `{ network: { "hr@20": 0.21 } }`. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * Tensors of a checkpoint (a safetensors file, https://huggingface.co/docs/safetensors). Weights
 * are [in, out], gate blocks in the order i, f, g, o; N songs, D embedding, H hidden, K neighbours.
 */
export const TENSORS = {
  /** F32 [N, D]: composed song vectors, E_track + P E_artist; input of layer 1 and weights of layer 6. */
  songVectors: "song_vectors",
  rnnInput: "rnn.input", // F32 [D, H]
  rnnRecurrent: "rnn.recurrent", // F32 [H, H]
  rnnBias: "rnn.bias", // F32 [H]
  lstm1Input: "lstm1.input", // F32 [H, 4H]
  lstm1Recurrent: "lstm1.recurrent", // F32 [H, 4H]
  lstm1Bias: "lstm1.bias", // F32 [4H]
  lstm2Input: "lstm2.input",
  lstm2Recurrent: "lstm2.recurrent",
  lstm2Bias: "lstm2.bias",
  projectionWeight: "projection.weight", // F32 [H, D]
  projectionBias: "projection.bias", // F32 [D]
  scoringBias: "scoring.bias", // F32 [N]
  /** U8: song ids in row order, UTF-8, joined by newlines. */
  songIds: "catalogue.song_ids",
  songArtists: "catalogue.artists", // I32 [N], 0 to artistCount - 1
  songVersionGroups: "catalogue.version_groups", // I32 [N], 0 to N - 1, equal for versions of a song
  /** I32 [N, K]: co-occurrence neighbours, best first, -1 where there are fewer. */
  neighbourRows: "neighbours.rows",
  neighbourWeights: "neighbours.weights", // F32 [N, K]
} as const;

export type TensorName = (typeof TENSORS)[keyof typeof TENSORS];

/** A dimension of a checkpoint tensor that the manifest does not tell. */
export const ANY_SIZE = -1;

/** Shape of each tensor that a checkpoint must have. */
export function tensorShapesOf(
  manifest: Pick<ModelManifest, "dimensions" | "songCount">,
): Readonly<Record<TensorName, readonly number[]>> {
  const { embedding, hidden } = manifest.dimensions;
  const songs = manifest.songCount;
  return {
    [TENSORS.songVectors]: [songs, embedding],
    [TENSORS.rnnInput]: [embedding, hidden],
    [TENSORS.rnnRecurrent]: [hidden, hidden],
    [TENSORS.rnnBias]: [hidden],
    [TENSORS.lstm1Input]: [hidden, 4 * hidden],
    [TENSORS.lstm1Recurrent]: [hidden, 4 * hidden],
    [TENSORS.lstm1Bias]: [4 * hidden],
    [TENSORS.lstm2Input]: [hidden, 4 * hidden],
    [TENSORS.lstm2Recurrent]: [hidden, 4 * hidden],
    [TENSORS.lstm2Bias]: [4 * hidden],
    [TENSORS.projectionWeight]: [hidden, embedding],
    [TENSORS.projectionBias]: [embedding],
    [TENSORS.scoringBias]: [songs],
    [TENSORS.songIds]: [ANY_SIZE],
    [TENSORS.songArtists]: [songs],
    [TENSORS.songVersionGroups]: [songs],
    [TENSORS.neighbourRows]: [songs, ANY_SIZE],
    [TENSORS.neighbourWeights]: [songs, ANY_SIZE],
  };
}
