/** Between the trainer's weights and the tensors of a checkpoint. */
import { type Checkpoint, type CheckpointTensors, TENSORS } from "@segue/model";

import type { NeighbourTable } from "../cooccurrence/neighbours.ts";
import type { SongTable } from "../sessions/song-table.ts";
import { denseLayoutFor, densePart } from "./dense-layout.ts";
import type { NetworkWeights } from "./network-weights.ts";

export function toCheckpointTensors(
  weights: NetworkWeights,
  dimensions: { readonly embedding: number; readonly hidden: number },
  songs: SongTable,
  neighbours: NeighbourTable,
): CheckpointTensors {
  const songCount = songs.ids.length;
  const ids = new TextEncoder().encode(songs.ids.join("\n"));
  const dense = denseLayoutFor(dimensions).parts.map((part) => [
    part.name,
    { shape: part.shape, data: densePart(weights.dense, part) },
  ]);
  const tableShape = [songCount, neighbours.width];
  return {
    ...(Object.fromEntries(dense) as CheckpointTensors),
    [TENSORS.songVectors]: {
      shape: [songCount, dimensions.embedding],
      data: weights.songVectors,
    },
    [TENSORS.scoringBias]: { shape: [songCount], data: weights.scoringBias },
    [TENSORS.songIds]: { shape: [ids.length], data: ids },
    [TENSORS.songArtists]: { shape: [songCount], data: songs.artists },
    [TENSORS.songVersionGroups]: { shape: [songCount], data: songs.versionGroups },
    [TENSORS.neighbourRows]: { shape: tableShape, data: neighbours.rows },
    [TENSORS.neighbourWeights]: { shape: tableShape, data: neighbours.weights },
  };
}

export async function readNetworkWeights(checkpoint: Checkpoint): Promise<NetworkWeights> {
  const layout = denseLayoutFor(checkpoint.manifest.dimensions);
  const dense = new Float32Array(layout.size);
  for (const part of layout.parts) {
    densePart(dense, part).set(await checkpoint.readFloats(part.name));
  }
  return {
    dense,
    songVectors: await checkpoint.readFloats(TENSORS.songVectors),
    scoringBias: await checkpoint.readFloats(TENSORS.scoringBias),
  };
}

export async function readSongIds(checkpoint: Checkpoint): Promise<string[]> {
  return new TextDecoder().decode(await checkpoint.readBytes(TENSORS.songIds)).split("\n");
}
