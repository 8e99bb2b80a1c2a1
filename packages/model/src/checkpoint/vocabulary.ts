/**
 * The catalogue of a model version: song ids and rows, artists, versions, neighbours. Kept in flat
 * arrays, since a Map of a million ids would outweigh the model.
 */
import { AppError, invariant } from "@segue/errors";

import type { Checkpoint } from "./checkpoint.ts";
import { TENSORS } from "./manifest.ts";

export interface Neighbours {
  /** Best first. */
  readonly rows: Int32Array;
  readonly weights: Float32Array;
}

export interface Vocabulary {
  readonly modelVersion: string;
  readonly songCount: number;
  /** Row of a song, or undefined when this model version does not know it. */
  rowFor(songId: string): number | undefined;
  songIdFor(row: number): string;
  artistFor(row: number): number;
  versionGroupFor(row: number): number;
  /** All rows that are versions of the same song, the row itself included. */
  versionsOf(row: number): number[];
  /** Songs that often occur together with this one. */
  neighboursFor(row: number): Neighbours;
}

export async function loadVocabulary(checkpoint: Checkpoint): Promise<Vocabulary> {
  const { songCount, version, artistCount } = checkpoint.manifest;
  const ids = indexSongIds(await checkpoint.readBytes(TENSORS.songIds), songCount, version);
  const artists = await checkpoint.readIntegers(TENSORS.songArtists);
  const groups = await checkpoint.readIntegers(TENSORS.songVersionGroups);
  assertBelow(artists, artistCount, TENSORS.songArtists, version);
  assertBelow(groups, songCount, TENSORS.songVersionGroups, version);
  const versions = chainVersions(groups);
  const neighbourRows = await checkpoint.readIntegers(TENSORS.neighbourRows);
  const neighbourWeights = await checkpoint.readFloats(TENSORS.neighbourWeights);
  const neighbourCount = neighbourRows.length / songCount;
  return {
    modelVersion: version,
    songCount,
    rowFor: ids.rowFor,
    songIdFor: ids.songIdFor,
    artistFor: (row) => valueAt(artists, row),
    versionGroupFor: (row) => valueAt(groups, row),
    versionsOf: (row) => versions(valueAt(groups, row)),
    neighboursFor(row) {
      invariant(row >= 0 && row < songCount, `row ${row} is one of ${songCount}`);
      const start = row * neighbourCount;
      const rows = neighbourRows.subarray(start, start + neighbourCount);
      const missing = rows.indexOf(-1);
      const count = missing === -1 ? neighbourCount : missing;
      return {
        rows: rows.subarray(0, count),
        weights: neighbourWeights.subarray(start, start + count),
      };
    },
  };
}

const NEWLINE = 10;
const EMPTY = -1;

/** Open addressing over the ids' bytes: 4 bytes an entry, at most three quarters full. */
function indexSongIds(bytes: Uint8Array<SharedArrayBuffer>, songCount: number, version: string) {
  const ends = lineEnds(bytes, songCount, version);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(songCount / 0.75 + 1))).fill(EMPTY);
  const mask = slots.length - 1;
  const startOf = (row: number) => (row === 0 ? 0 : valueAt(ends, row - 1) + 1);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  function slotFor(id: Uint8Array): number {
    let slot = hashOf(id) & mask;
    for (;;) {
      const row = valueAt(slots, slot);
      if (row === EMPTY || text.subarray(startOf(row), ends[row]).equals(id)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  for (let row = 0; row < songCount; row++) {
    const id = text.subarray(startOf(row), ends[row]);
    const slot = slotFor(id);
    if (slots[slot] !== EMPTY) {
      throw new AppError(
        "MODEL_INVALID",
        `Model ${version} has song ${id.toString()} twice, in rows ${slots[slot]} and ${row}; train it again`,
      );
    }
    slots[slot] = row;
  }
  return {
    rowFor(songId: string): number | undefined {
      const row = valueAt(slots, slotFor(Buffer.from(songId)));
      return row === EMPTY ? undefined : row;
    },
    songIdFor(row: number): string {
      invariant(row >= 0 && row < songCount, `row ${row} is one of ${songCount}`);
      return text.toString("utf8", startOf(row), ends[row]);
    },
  };
}

function lineEnds(bytes: Uint8Array, songCount: number, version: string): Uint32Array {
  const ends = new Uint32Array(songCount);
  let row = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, end + 1)) {
    if (row < songCount) ends[row] = end;
    row += 1;
  }
  if (row !== songCount - 1) {
    throw new AppError(
      "MODEL_INVALID",
      `Model ${version} names ${row + 1} songs where its manifest says ${songCount}; train it again`,
    );
  }
  ends[row] = bytes.byteLength;
  return ends;
}

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash ^ (hash >>> 15);
}

/** Linked lists in two arrays: the first row of each group, and the next row of each row. */
function chainVersions(groups: Int32Array): (group: number) => number[] {
  const firstRows = new Int32Array(groups.length).fill(EMPTY);
  const nextRows = new Int32Array(groups.length);
  for (let row = groups.length - 1; row >= 0; row--) {
    const group = valueAt(groups, row);
    nextRows[row] = valueAt(firstRows, group);
    firstRows[group] = row;
  }
  return (group) => {
    const rows: number[] = [];
    for (let row = valueAt(firstRows, group); row !== EMPTY; row = valueAt(nextRows, row)) {
      rows.push(row);
    }
    return rows;
  };
}

function assertBelow(values: Int32Array, limit: number, tensor: string, version: string): void {
  const row = values.findIndex((value) => value < 0 || value >= limit);
  if (row !== -1) {
    throw new AppError(
      "MODEL_INVALID",
      `Tensor ${tensor} of model ${version} has ${values[row]} in row ${row}, outside 0 to ${limit - 1}; train it again`,
    );
  }
}

function valueAt(values: Int32Array | Uint32Array, index: number): number {
  const value = values[index];
  invariant(value !== undefined, `index ${index} is one of ${values.length}`);
  return value;
}
