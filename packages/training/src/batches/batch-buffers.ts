/** The inputs of one training step, in memory that is used again for every batch. */
import type { FloatTensor, InputTensor, NetworkDimensions } from "@segue/model";

import { HIDDEN_MASKS } from "../graph/training-graph.ts";
import type { Random } from "../random.ts";
import type { SongEmbedding } from "../weights/song-embedding.ts";
import type { NegativeSampler } from "./negative-sampler.ts";
import type { Segments } from "./segments.ts";

export interface BatchLimits {
  readonly batchSize: number;
  readonly stepsMax: number;
  readonly negatives: number;
}

export interface Dropouts {
  /** Of single units of the song vectors. */
  readonly embedding: number;
  /** Of units between layers, the same ones at every step. */
  readonly hidden: number;
}

/** One batch; the arrays are views that the next batch overwrites. */
export interface Batch {
  readonly feeds: Readonly<Record<string, InputTensor>>;
  /** Memory for the graph's outputs of this batch's size. */
  readonly into: Readonly<Record<string, FloatTensor>>;
  /** [steps * batch]: the song at each place, -1 for padding. */
  readonly inputSongs: Int32Array;
  /** [positions] */
  readonly targetSongs: Int32Array;
  /** [negatives] */
  readonly negativeSongs: Int32Array;
}

export class BatchBuffers {
  readonly #dimensions: NetworkDimensions;
  readonly #limits: BatchLimits;
  readonly #floats = new Map<string, Float32Array>();
  readonly #integers = new Map<string, Int32Array>();

  constructor(dimensions: NetworkDimensions, limits: BatchLimits) {
    this.#dimensions = dimensions;
    this.#limits = limits;
  }

  /** @param members segments of this batch */
  fill(
    segments: Segments,
    members: Int32Array,
    embedding: SongEmbedding,
    sampler: NegativeSampler,
    dropouts: Dropouts,
    random: Random,
  ): Batch {
    const { embedding: width, hidden } = this.#dimensions;
    const { negatives } = this.#limits;
    const sizes = measure(segments, members);
    const { steps, positions } = sizes;
    const places = this.#placeSongs(segments, members, sizes);
    const negativeSongs = this.#integersOf("negativeRows", negatives);
    for (let index = 0; index < negatives; index++) negativeSongs[index] = sampler.draw(random);

    const feeds: Record<string, InputTensor> = {
      inputVectors: this.#vectors("inputVectors", places.inputSongs, embedding, [
        steps,
        members.length,
        width,
      ]),
      targetVectors: this.#vectors("targetVectors", places.targetSongs, embedding, [
        positions,
        width,
      ]),
      negativeVectors: this.#vectors("negativeVectors", negativeSongs, embedding, [
        negatives,
        width,
      ]),
      targetBias: this.#biases("targetBias", places.targetSongs, embedding, sampler, [
        positions,
        1,
      ]),
      negativeBias: this.#biases("negativeBias", negativeSongs, embedding, sampler, [1, negatives]),
      positions: { data: places.positions, shape: [positions] },
      targetRows: { data: places.targetSongs, shape: [positions, 1] },
      negativeRows: { data: negativeSongs, shape: [1, negatives] },
      scale: { data: Float32Array.of(1 / positions), shape: [] },
      inputMask: this.#mask("inputMask", dropouts.embedding, random, [
        steps,
        members.length,
        width,
      ]),
    };
    for (const name of HIDDEN_MASKS) {
      feeds[name] = this.#mask(name, dropouts.hidden, random, [1, members.length, hidden]);
    }
    const into = {
      inputGradient: this.#tensor("inputGradient", [steps, members.length, width]),
      targetGradient: this.#tensor("targetGradient", [positions, width]),
      targetBiasGradient: this.#tensor("targetBiasGradient", [positions, 1]),
      negativeGradient: this.#tensor("negativeGradient", [negatives, width]),
      negativeBiasGradient: this.#tensor("negativeBiasGradient", [negatives]),
    };
    return {
      feeds,
      into,
      inputSongs: places.inputSongs,
      targetSongs: places.targetSongs,
      negativeSongs,
    };
  }

  #placeSongs(segments: Segments, members: Int32Array, { steps, positions }: BatchSizes) {
    const count = members.length;
    const inputSongs = this.#integersOf("inputSongs", steps * count).fill(-1);
    const targetSongs = this.#integersOf("targetRows", positions);
    const places = this.#integersOf("positions", positions);
    let position = 0;
    for (let column = 0; column < count; column++) {
      const member = members[column] as number;
      const start = segments.starts[member] as number;
      for (let step = 0; step < (segments.steps[member] as number); step++) {
        const place = step * count + column;
        inputSongs[place] = segments.items[start + step] as number;
        targetSongs[position] = segments.items[start + step + 1] as number;
        places[position++] = place;
      }
    }
    return { inputSongs, targetSongs, positions: places };
  }

  #vectors(
    name: string,
    songs: Int32Array,
    embedding: SongEmbedding,
    shape: readonly number[],
  ): FloatTensor {
    const tensor = this.#tensor(name, shape);
    const { width } = embedding;
    for (let index = 0; index < songs.length; index++) {
      const song = songs[index] as number;
      if (song >= 0) embedding.compose(song, tensor.data, index * width);
      else tensor.data.fill(0, index * width, (index + 1) * width);
    }
    return tensor;
  }

  #biases(
    name: string,
    songs: Int32Array,
    embedding: SongEmbedding,
    sampler: NegativeSampler,
    shape: readonly number[],
  ): FloatTensor {
    const tensor = this.#tensor(name, shape);
    for (let index = 0; index < songs.length; index++) {
      const song = songs[index] as number;
      tensor.data[index] =
        (embedding.bias.values[song] as number) - (sampler.logChance[song] as number);
    }
    return tensor;
  }

  #mask(name: string, dropout: number, random: Random, shape: readonly number[]): FloatTensor {
    const tensor = this.#tensor(name, shape);
    const { data } = tensor;
    const limit = dropout * 0x1_0000_0000;
    const kept = 1 / (1 - dropout);
    for (let index = 0; index < data.length; index++) {
      data[index] = random.uint32() < limit ? 0 : kept;
    }
    return tensor;
  }

  /** A view of the right size on memory that grows to the largest size asked for. */
  #tensor(name: string, shape: readonly number[]): FloatTensor {
    const size = shape.reduce((product, length) => product * length, 1);
    let memory = this.#floats.get(name);
    if (memory === undefined || memory.length < size) {
      memory = new Float32Array(size);
      this.#floats.set(name, memory);
    }
    return { data: memory.subarray(0, size), shape };
  }

  #integersOf(name: string, size: number): Int32Array {
    let memory = this.#integers.get(name);
    if (memory === undefined || memory.length < size) {
      memory = new Int32Array(size);
      this.#integers.set(name, memory);
    }
    return memory.subarray(0, size);
  }
}

interface BatchSizes {
  readonly steps: number;
  readonly positions: number;
}

function measure(segments: Segments, members: Int32Array): BatchSizes {
  let steps = 0;
  let positions = 0;
  for (const member of members) {
    const length = segments.steps[member] as number;
    steps = Math.max(steps, length);
    positions += length;
  }
  return { steps, positions };
}
