/** The weights of one part, and nothing else of the model: the ranges that its layers read. */
import type { Checkpoint, RowRange, SharedFloats } from "../checkpoint/checkpoint.ts";
import { type ModelManifest, TENSORS, type TensorName } from "../checkpoint/manifest.ts";
import type { LayerWeights } from "../network/layer-graph.ts";
import { type ReferenceSongs, referenceRowsFor } from "../network/log-normaliser.ts";
import type { RecurrentWeights } from "../network/recurrent-weights.ts";
import type { CatalogueRange } from "../network/scoring.ts";
import type { ModelPart } from "./plan-partition.ts";

/** All arrays are over shared memory: handing this to a worker thread copies nothing. */
export interface StageWeights {
  readonly manifest: ModelManifest;
  readonly part: ModelPart;
  /** [songs, embedding], where layer 1 is inside. */
  readonly songVectors: SharedFloats | null;
  /** Layers 2 to 5, as far as they are inside. */
  readonly layers: LayerWeights;
  /** Where layer 6 is inside. */
  readonly catalogue: CatalogueRange | null;
}

export async function loadStageWeights(
  checkpoint: Checkpoint,
  part: ModelPart,
): Promise<StageWeights> {
  const has = (layer: number) => part.layerFirst <= layer && layer <= part.layerLast;
  // The whole matrix first: a range read after it shares its memory.
  const songVectors = has(1) ? await checkpoint.readFloats(TENSORS.songVectors) : null;
  const layers: LayerWeights = {
    ...(has(2) && { rnn: await readRecurrent(checkpoint, RNN_TENSORS) }),
    ...(has(3) && { lstm1: await readRecurrent(checkpoint, LSTM1_TENSORS) }),
    ...(has(4) && { lstm2: await readRecurrent(checkpoint, LSTM2_TENSORS) }),
    ...(has(5) && {
      projection: {
        weight: await checkpoint.readFloats(TENSORS.projectionWeight),
        bias: await checkpoint.readFloats(TENSORS.projectionBias),
      },
    }),
  };
  const catalogue = has(6) ? await readCatalogue(checkpoint, part) : null;
  return { manifest: checkpoint.manifest, part, songVectors, layers, catalogue };
}

/** Bytes of the parameters that a part needs; the yardstick for its memory. */
export function weightBytesOf({ songVectors, layers, catalogue }: StageWeights): number {
  const { rnn, lstm1, lstm2, projection } = layers;
  const recurrent = [rnn, lstm1, lstm2].flatMap((layer) =>
    layer === undefined ? [] : [layer.input, layer.recurrent, layer.bias],
  );
  const arrays = [
    ...recurrent,
    ...(songVectors === null ? [] : [songVectors]),
    ...(projection === undefined ? [] : [projection.weight, projection.bias]),
    ...(catalogue === null ? [] : [catalogue.songVectors, catalogue.bias]),
  ];
  return arrays.reduce((bytes, array) => bytes + array.byteLength, 0);
}

type RecurrentTensors = Readonly<Record<keyof RecurrentWeights, TensorName>>;

const RNN_TENSORS: RecurrentTensors = {
  input: TENSORS.rnnInput,
  recurrent: TENSORS.rnnRecurrent,
  bias: TENSORS.rnnBias,
};
const LSTM1_TENSORS: RecurrentTensors = {
  input: TENSORS.lstm1Input,
  recurrent: TENSORS.lstm1Recurrent,
  bias: TENSORS.lstm1Bias,
};
const LSTM2_TENSORS: RecurrentTensors = {
  input: TENSORS.lstm2Input,
  recurrent: TENSORS.lstm2Recurrent,
  bias: TENSORS.lstm2Bias,
};

async function readRecurrent(
  checkpoint: Checkpoint,
  names: RecurrentTensors,
): Promise<RecurrentWeights> {
  return {
    input: await checkpoint.readFloats(names.input),
    recurrent: await checkpoint.readFloats(names.recurrent),
    bias: await checkpoint.readFloats(names.bias),
  };
}

async function readCatalogue(
  checkpoint: Checkpoint,
  { rowStart, rowEnd }: ModelPart,
): Promise<CatalogueRange> {
  const own = await readScoringWeights(checkpoint, { start: rowStart, end: rowEnd });
  const rows = { start: rowStart, end: rowEnd };
  return {
    rowStart,
    rowEnd,
    songVectors: own.songVectors,
    bias: own.bias,
    artists: await checkpoint.readIntegers(TENSORS.songArtists, rows),
    versionGroups: await checkpoint.readIntegers(TENSORS.songVersionGroups, rows),
    reference: await readReference(checkpoint, own),
  };
}

interface ScoringWeights {
  readonly rows: RowRange;
  readonly songVectors: SharedFloats;
  readonly bias: SharedFloats;
}

async function readScoringWeights(checkpoint: Checkpoint, rows: RowRange): Promise<ScoringWeights> {
  return {
    rows,
    songVectors: await checkpoint.readFloats(TENSORS.songVectors, rows),
    bias: await checkpoint.readFloats(TENSORS.scoringBias, rows),
  };
}

/** Rows outside a shard's own range are read so many at a time, and all but the sample let go. */
const SLAB_ROWS = 4_096;

/** The sample that scores are normalised by: every shard needs all of it. */
async function readReference(checkpoint: Checkpoint, own: ScoringWeights): Promise<ReferenceSongs> {
  const { songCount, dimensions } = checkpoint.manifest;
  const width = dimensions.embedding;
  const rows = referenceRowsFor(songCount);
  const songVectors = sharedFloats(rows.length * width);
  const bias = sharedFloats(rows.length);
  let held = own;
  for (const [index, row] of rows.entries()) {
    if (isWithin(row, own.rows)) held = own;
    else if (!isWithin(row, held.rows)) {
      const limit = row < own.rows.start ? own.rows.start : songCount;
      const end = Math.min(row + SLAB_ROWS, limit);
      held = await readScoringWeights(checkpoint, { start: row, end });
    }
    const from = (row - held.rows.start) * width;
    songVectors.set(held.songVectors.subarray(from, from + width), index * width);
    bias[index] = held.bias[row - held.rows.start] ?? 0;
  }
  return { songVectors, bias, songCount };
}

function isWithin(row: number, { start, end }: RowRange): boolean {
  return start <= row && row < end;
}

function sharedFloats(length: number): SharedFloats {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
