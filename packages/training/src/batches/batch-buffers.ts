/** The inputs of one training step, in memory that is used again for every batch. */
import type { FloatTensor, InputTensor, NetworkDimensions } from "@segue/model";

import { HIDDEN_MASKS } from "../graph/training-graph.ts";
import type { Random } from "../random.ts";
import type { SongEmbedding } from "../weights/song-embedding.ts";
import type { NegativeSampler } from "./negative-sampler.ts";
import type { Segments } from "./segments.ts";

export interface BatchSettings {
  /** Negatives per step, shared by its positions. */
  readonly negatives: number;
  /** Dropout of single units of the song vectors. */
  readonly embeddingDropout: number;
  /** Dropout of units between layers, the same ones at every step. */
  readonly hiddenDropout: number;
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
  readonly #settings: BatchSettings;
  readonly #embedding: SongEmbedding;
  readonly #sampler: NegativeSampler;
  readonly #floats = new Map<string, Float32Array>();
  readonly #integers = new Map<string, Int32Array>();

  constructor(
    dimensions: NetworkDimensions,
    settings: BatchSettings,
    embedding: SongEmbedding,
    sampler: NegativeSampler,
  ) {
    this.#dimensions = dimensions;
    this.#settings = settings;
    this.#embedding = embedding;
    this.#sampler = sampler;
  }

  /**
   * @param members segments of this batch
   * @param random gives negatives and dropout
   */
  fill(segments: Segments, members: Int32Array, random: Random): Batch {
    const { negatives } = this.#settings;
    const sizes = measure(segments, members);
    const { inputSongs, targetSongs, positions } = this.#placeSongs(segments, members, sizes);
    const negativeSongs = this.#integersOf("negativeRows", negatives);
    for (let index = 0; index < negatives; index++) {
      negativeSongs[index] = this.#sampler.draw(random);
    }
    const feeds: Record<string, InputTensor> = {
      inputVectors: this.#vectors("inputVectors", inputSongs, [sizes.steps, sizes.sessions]),
      targetVectors: this.#vectors("targetVectors", targetSongs, [sizes.positions]),
      negativeVectors: this.#vectors("negativeVectors", negativeSongs, [negatives]),
      targetBias: this.#biases("targetBias", targetSongs, [sizes.positions, 1]),
      negativeBias: this.#biases("negativeBias", negativeSongs, [1, negatives]),
      positions: { data: positions, shape: [sizes.positions] },
      targetRows: { data: targetSongs, shape: [sizes.positions, 1] },
      negativeRows: { data: negativeSongs, shape: [1, negatives] },
      scale: { data: Float32Array.of(1 / sizes.positions), shape: [] },
      ...this.#masks(sizes, random),
    };
    return { feeds, into: this.#gradients(sizes), inputSongs, targetSongs, negativeSongs };
  }

  #masks({ steps, sessions }: BatchSizes, random: Random): Record<string, FloatTensor> {
    const { embedding, hidden } = this.#dimensions;
    const { embeddingDropout, hiddenDropout } = this.#settings;
    const masks: Record<string, FloatTensor> = {
      inputMask: this.#mask("inputMask", embeddingDropout, random, [steps, sessions, embedding]),
    };
    for (const name of HIDDEN_MASKS) {
      masks[name] = this.#mask(name, hiddenDropout, random, [1, sessions, hidden]);
    }
    return masks;
  }

  #gradients({ steps, sessions, positions }: BatchSizes): Record<string, FloatTensor> {
    const { embedding } = this.#dimensions;
    const { negatives } = this.#settings;
    return {
      inputGradient: this.#tensor("inputGradient", [steps, sessions, embedding]),
      targetGradient: this.#tensor("targetGradient", [positions, embedding]),
      targetBiasGradient: this.#tensor("targetBiasGradient", [positions, 1]),
      negativeGradient: this.#tensor("negativeGradient", [negatives, embedding]),
      negativeBiasGradient: this.#tensor("negativeBiasGradient", [negatives]),
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

  /** Composed vectors of the songs, zero for padding: [...shape, D]. */
  #vectors(name: string, songs: Int32Array, shape: readonly number[]): FloatTensor {
    const { embedding: width } = this.#dimensions;
    const tensor = this.#tensor(name, [...shape, width]);
    for (let index = 0; index < songs.length; index++) {
      const song = songs[index] as number;
      if (song >= 0) this.#embedding.compose(song, tensor.data, index * width);
      else tensor.data.fill(0, index * width, (index + 1) * width);
    }
    return tensor;
  }

  /** The songs' biases less log Q. */
  #biases(name: string, songs: Int32Array, shape: readonly number[]): FloatTensor {
    const tensor = this.#tensor(name, shape);
    const bias = this.#embedding.bias.values;
    const { logChance } = this.#sampler;
    for (let index = 0; index < songs.length; index++) {
      const song = songs[index] as number;
      tensor.data[index] = (bias[song] as number) - (logChance[song] as number);
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
  readonly sessions: number;
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
  return { sessions: members.length, steps, positions };
}
