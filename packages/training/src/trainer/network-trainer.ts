/** The network in training: its weights, the graph that differentiates it, and the step. */
import { createSession, type NetworkDimensions, type OnnxSession } from "@segue/model";

import { type Batch, BatchBuffers, type BatchSettings } from "../batches/batch-buffers.ts";
import type { NegativeSampler } from "../batches/negative-sampler.ts";
import type { Segments } from "../batches/segments.ts";
import { buildTrainingGraph, TRAINING_OUTPUTS } from "../graph/training-graph.ts";
import type { Random } from "../random.ts";
import { type AdamVector, adamStepSize, applyAdam, euclideanNorm } from "../weights/adam.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import type { SongEmbedding } from "../weights/song-embedding.ts";

/** The dense gradient is scaled down to this length. */
const GRADIENT_NORM_MAX = 1;

export interface StepOptions {
  /** From 1, for the correction of Adam's moments. */
  readonly number: number;
  readonly learningRate: number;
  /** Gives negatives and dropout. */
  readonly random: Random;
}

export interface StepResult {
  /** Summed over the positions. */
  readonly loss: number;
  readonly positions: number;
}

export class NetworkTrainer {
  readonly dense: AdamVector;
  readonly embedding: SongEmbedding;
  readonly #session: OnnxSession;
  readonly #buffers: BatchBuffers;
  readonly #gradient: Float32Array;

  private constructor(
    session: OnnxSession,
    dimensions: NetworkDimensions,
    dense: AdamVector,
    embedding: SongEmbedding,
    sampler: NegativeSampler,
    settings: BatchSettings,
  ) {
    this.#session = session;
    this.dense = dense;
    this.embedding = embedding;
    this.#buffers = new BatchBuffers(dimensions, settings, embedding, sampler);
    this.#gradient = new Float32Array(dense.values.length);
  }

  static async open(
    dimensions: NetworkDimensions,
    dense: AdamVector,
    embedding: SongEmbedding,
    sampler: NegativeSampler,
    settings: BatchSettings,
  ): Promise<NetworkTrainer> {
    const session = await createSession(buildTrainingGraph(dimensions), {
      title: "the training graph",
    });
    return new NetworkTrainer(session, dimensions, dense, embedding, sampler, settings);
  }

  /** Learns from one batch. */
  async step(segments: Segments, members: Int32Array, how: StepOptions): Promise<StepResult> {
    const batch = this.#buffers.fill(segments, members, how.random);
    const { dense } = this;
    const outputs = await this.#session.run(
      { ...batch.feeds, weights: { data: dense.values, shape: [dense.values.length] } },
      TRAINING_OUTPUTS,
      { ...batch.into, gradient: { data: this.#gradient, shape: [this.#gradient.length] } },
    );
    const stepSize = adamStepSize(how.learningRate, how.number);
    const norm = euclideanNorm(this.#gradient);
    const scale = norm > GRADIENT_NORM_MAX ? GRADIENT_NORM_MAX / norm : 1;
    applyAdam(dense, 0, this.#gradient.length, this.#gradient, 0, stepSize, scale);
    this.#addSongGradients(batch);
    this.embedding.update(stepSize);
    return { loss: outputs.loss.data[0] as number, positions: batch.targetSongs.length };
  }

  /** Of this moment; song vectors are a copy, the others change with the next step. */
  weights(): NetworkWeights {
    return {
      dense: this.dense.values,
      songVectors: this.embedding.composeAll(),
      scoringBias: this.embedding.bias.values,
    };
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  #addSongGradients({ into, inputSongs, targetSongs, negativeSongs }: Batch): void {
    const { embedding } = this;
    const { width } = embedding;
    const gradientOf = (name: string) => (into[name] as { data: Float32Array }).data;
    const input = gradientOf("inputGradient");
    for (let place = 0; place < inputSongs.length; place++) {
      const song = inputSongs[place] as number;
      if (song >= 0) embedding.addVectorGradient(song, input, place * width);
    }
    for (const [name, songs] of [
      ["target", targetSongs],
      ["negative", negativeSongs],
    ] as const) {
      const vectors = gradientOf(`${name}Gradient`);
      const biases = gradientOf(`${name}BiasGradient`);
      for (let index = 0; index < songs.length; index++) {
        const song = songs[index] as number;
        embedding.addVectorGradient(song, vectors, index * width);
        embedding.addBiasGradient(song, biases, index);
      }
    }
  }
}
