/**
 * Everything a training run needs to go on after a kill as if nothing had happened, in one
 * safetensors file that is replaced atomically. Randomness is derived from seed, epoch and step, so
 * none of it is state.
 */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

import { AppError } from "@segue/errors";
import {
  HEADER_LENGTH_BYTES,
  parseHeader,
  parseHeaderLength,
  type TensorContent,
  writeSafetensors,
} from "@segue/model";
import type { AdamVector } from "../weights/adam.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import type { SongEmbedding } from "../weights/song-embedding.ts";

export const TRAINING_STATE_FILE = "training-state.safetensors";

/** Where a run stands. */
export interface TrainingPosition {
  readonly createdAt: string;
  /** From 1; the epoch under way. */
  epoch: number;
  /** Steps done in this epoch. */
  step: number;
  /** Steps done in all. */
  stepsTotal: number;
  lossSum: number;
  lossPositions: number;
  bestMrr20: number;
  bestEpoch: number;
  isFinished: boolean;
}

export interface TrainableParts {
  readonly dense: AdamVector;
  readonly embedding: SongEmbedding;
  /** Weights of the best epoch so far. */
  readonly best: NetworkWeights;
}

/** @param fingerprint of data and settings: a state belongs to one run only */
export async function saveTrainingState(
  folder: string,
  fingerprint: string,
  position: TrainingPosition,
  parts: TrainableParts,
): Promise<void> {
  const tensors: Record<string, TensorContent> = {};
  for (const [name, data] of arraysOf(parts)) tensors[name] = { shape: [data.length], data };
  const bytes = writeSafetensors({ fingerprint, position: JSON.stringify(position) }, tensors);
  await mkdir(folder, { recursive: true });
  const path = join(folder, TRAINING_STATE_FILE);
  const temporary = `${path}.new`;
  await writeDurably(temporary, bytes);
  await rename(temporary, path);
  await syncFolder(folder);
}

/**
 * Fills the parts from the folder's state.
 * @returns where the run stands, or null when the folder holds no state
 */
export async function loadTrainingState(
  folder: string,
  fingerprint: string,
  parts: TrainableParts,
): Promise<TrainingPosition | null> {
  const bytes = await readIfPresent(join(folder, TRAINING_STATE_FILE));
  if (bytes === null) return null;
  const headerLength = parseHeaderLength(bytes, bytes.length);
  const header = bytes.subarray(HEADER_LENGTH_BYTES, HEADER_LENGTH_BYTES + headerLength);
  const { metadata, tensors } = parseHeader(header, bytes.length);
  if (metadata["fingerprint"] !== fingerprint) {
    throw new AppError(
      "TRAINING_STATE_MISMATCH",
      `${folder} holds the state of a training with other sessions or settings; give the same ones, or another folder`,
      { details: { folder } },
    );
  }
  for (const [name, data] of arraysOf(parts)) {
    const entry = tensors.get(name);
    if (entry?.byteLength !== data.byteLength) {
      throw new AppError(
        "TRAINING_STATE_MISMATCH",
        `The training state in ${folder} lacks a whole ${name}; delete the folder and train again`,
        { details: { folder, tensor: name } },
      );
    }
    const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    target.set(bytes.subarray(entry.offset, entry.offset + entry.byteLength));
  }
  return JSON.parse(metadata["position"] ?? "null") as TrainingPosition;
}

export function fingerprintOf(...facts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

function arraysOf({ dense, embedding, best }: TrainableParts): [string, Float32Array][] {
  const arrays: [string, Float32Array][] = [
    ["best.dense", best.dense],
    ["best.song_vectors", best.songVectors],
    ["best.scoring_bias", best.scoringBias],
  ];
  const vectors = {
    dense,
    songs: embedding.songs,
    artists: embedding.artists,
    bias: embedding.bias,
  };
  for (const [name, vector] of Object.entries(vectors)) {
    arrays.push([`${name}.values`, vector.values]);
    arrays.push([`${name}.moment1`, vector.moment1]);
    arrays.push([`${name}.moment2`, vector.moment2]);
  }
  return arrays;
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readIfPresent(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    throw thrown;
  }
}
