/**
 * Untrained models of any size for tests and benchmarks: seeded weights whose scale keeps states and
 * scores in the range of a trained model's.
 */

import { byteSourceOfBytes } from "./byte-source.ts";
import {
  type Checkpoint,
  type CheckpointTensors,
  openCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
import {
  type ModelManifest,
  NETWORK_SIZES,
  type NetworkDimensions,
  type NetworkSize,
  TENSORS,
} from "./manifest.ts";

export interface RandomCheckpointOptions {
  readonly songCount: number;
  readonly artistCount?: number;
  /** S unless told otherwise. */
  readonly size?: NetworkSize | NetworkDimensions;
  readonly seed?: number;
  /** Neighbours of each song, 8 unless told otherwise. */
  readonly neighbourCount?: number;
  readonly version?: string;
}

/** Bytes of a checkpoint whose songs are named s0, s1 and so on; every tenth is a version of the one before. */
export function createRandomCheckpoint(options: RandomCheckpointOptions): Uint8Array {
  const { manifest, tensors } = createRandomTensors(options);
  return writeCheckpoint(manifest, tensors);
}

export function openRandomCheckpoint(options: RandomCheckpointOptions): Promise<Checkpoint> {
  return openCheckpoint(byteSourceOfBytes(createRandomCheckpoint(options)));
}

/** What such a checkpoint is written from. */
export function createRandomTensors(options: RandomCheckpointOptions): {
  readonly manifest: ModelManifest;
  readonly tensors: CheckpointTensors;
} {
  const { songCount, size = "S", seed = 1 } = options;
  const dimensions = typeof size === "string" ? NETWORK_SIZES[size] : size;
  const manifest: ModelManifest = {
    format: 1,
    version: options.version ?? `random-${seed}`,
    size: typeof size === "string" ? size : "custom",
    dimensions,
    songCount,
    artistCount: options.artistCount ?? Math.max(1, Math.floor(songCount / 10)),
    createdAt: "2026-01-01T00:00:00.000Z",
    seed,
    dataHash: "0".repeat(64),
    command: "none: random weights",
    metrics: {},
  };
  const random = createRandom(seed);
  const tensors = {
    ...networkTensors(dimensions, random),
    ...catalogueTensors(manifest, options.neighbourCount ?? 8, random),
  };
  return { manifest, tensors };
}

type Random = () => number;
type Tensors = Partial<CheckpointTensors>;

function networkTensors({ embedding, hidden }: NetworkDimensions, random: Random) {
  const matrix = (rows: number, columns: number) =>
    uniform([rows, columns], Math.sqrt(6 / (rows + columns)), random);
  const bias = (size: number) => uniform([size], 0.1, random);
  return {
    [TENSORS.rnnInput]: matrix(embedding, hidden),
    [TENSORS.rnnRecurrent]: matrix(hidden, hidden),
    [TENSORS.rnnBias]: bias(hidden),
    [TENSORS.lstm1Input]: matrix(hidden, 4 * hidden),
    [TENSORS.lstm1Recurrent]: matrix(hidden, 4 * hidden),
    [TENSORS.lstm1Bias]: bias(4 * hidden),
    [TENSORS.lstm2Input]: matrix(hidden, 4 * hidden),
    [TENSORS.lstm2Recurrent]: matrix(hidden, 4 * hidden),
    [TENSORS.lstm2Bias]: bias(4 * hidden),
    [TENSORS.projectionWeight]: matrix(hidden, embedding),
    [TENSORS.projectionBias]: bias(embedding),
  } satisfies Tensors;
}

function catalogueTensors(
  { songCount, artistCount, dimensions }: ModelManifest,
  neighbourCount: number,
  random: Random,
) {
  const rowLike = (choose: (row: number) => number) => ({
    shape: [songCount],
    data: Int32Array.from({ length: songCount }, (_, row) => choose(row)),
  });
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    [TENSORS.songVectors]: uniform([songCount, dimensions.embedding], 0.5, random),
    [TENSORS.scoringBias]: uniform([songCount], 0.5, random),
    [TENSORS.songIds]: songIds(songCount),
    [TENSORS.songArtists]: rowLike(() => below(artistCount)),
    [TENSORS.songVersionGroups]: rowLike((row) => (row % 10 === 9 ? row - 1 : row)),
    [TENSORS.neighbourRows]: {
      shape: [songCount, neighbourCount],
      data: new Int32Array(songCount * neighbourCount).map(() => below(songCount)),
    },
    [TENSORS.neighbourWeights]: {
      shape: [songCount, neighbourCount],
      data: new Float32Array(songCount * neighbourCount).map(
        (_, index) => 1 / (1 + (index % neighbourCount)),
      ),
    },
  } satisfies Tensors;
}

function songIds(songCount: number) {
  const text = Array.from({ length: songCount }, (_, row) => `s${row}`).join("\n");
  const data = new Uint8Array(Buffer.from(text));
  return { shape: [data.length], data };
}

function uniform(shape: readonly number[], limit: number, random: Random) {
  const data = new Float32Array(shape.reduce((count, size) => count * size, 1));
  for (let index = 0; index < data.length; index++) data[index] = (random() * 2 - 1) * limit;
  return { shape, data };
}

/** Mulberry32, https://github.com/cprosche/mulberry32 */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
