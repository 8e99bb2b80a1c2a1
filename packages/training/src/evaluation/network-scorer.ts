/** The network as a scorer: encodes whole sessions, then scores every prefix against all songs. */
import { createSession, type NetworkDimensions, type OnnxSession } from "@segue/model";

import { buildEncoderGraph } from "../graph/encoder-graph.ts";
import { buildScoringGraph } from "../graph/scoring-graph.ts";
import { type Sessions, sessionCount, sessionItems } from "../sessions/sessions.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";
import type { PositionVisitor, Scorer } from "./scorer.ts";

const SESSIONS_PER_BATCH = 64;
const QUERIES_PER_BATCH = 64;

export class NetworkScorer implements Scorer {
  readonly name = "network";
  readonly #dimensions: NetworkDimensions;
  readonly #encoder: OnnxSession;
  readonly #scoring: OnnxSession;
  #weights: NetworkWeights;

  private constructor(
    dimensions: NetworkDimensions,
    encoder: OnnxSession,
    scoring: OnnxSession,
    weights: NetworkWeights,
  ) {
    this.#dimensions = dimensions;
    this.#encoder = encoder;
    this.#scoring = scoring;
    this.#weights = weights;
  }

  static async open(
    dimensions: NetworkDimensions,
    weights: NetworkWeights,
  ): Promise<NetworkScorer> {
    const encoder = await createSession(buildEncoderGraph(dimensions), { title: "the encoder" });
    const scoring = await createSession(buildScoringGraph(dimensions), { title: "the scoring" });
    return new NetworkScorer(dimensions, encoder, scoring, weights);
  }

  /** Takes other weights of the same dimensions. */
  setWeights(weights: NetworkWeights): void {
    this.#weights = weights;
  }

  async close(): Promise<void> {
    await this.#encoder.close();
    await this.#scoring.close();
  }

  async score(sessions: Sessions, visit: PositionVisitor): Promise<void> {
    const byLength = Array.from({ length: sessionCount(sessions) }, (_, session) => session).sort(
      (one, other) => sessionItems(sessions, one).length - sessionItems(sessions, other).length,
    );
    for (let from = 0; from < byLength.length; from += SESSIONS_PER_BATCH) {
      await this.#scoreBatch(sessions, byLength.slice(from, from + SESSIONS_PER_BATCH), visit);
    }
  }

  async #scoreBatch(
    sessions: Sessions,
    members: readonly number[],
    visit: PositionVisitor,
  ): Promise<void> {
    const width = this.#dimensions.embedding;
    const places: { session: number; prefixLength: number; place: number }[] = [];
    for (const [column, session] of members.entries()) {
      const { length } = sessionItems(sessions, session);
      for (let prefixLength = 1; prefixLength < length; prefixLength++) {
        const place = (prefixLength - 1) * members.length + column;
        places.push({ session, prefixLength, place });
      }
    }
    if (places.length === 0) return;
    const queries = await this.#encode(sessions, members);
    for (let from = 0; from < places.length; from += QUERIES_PER_BATCH) {
      const chunk = places.slice(from, from + QUERIES_PER_BATCH);
      const rows = new Float32Array(chunk.length * width);
      for (const [index, { place }] of chunk.entries()) {
        rows.set(queries.subarray(place * width, (place + 1) * width), index * width);
      }
      const scores = await this.#scoreQueries(rows, chunk.length);
      const songCount = scores.length / chunk.length;
      for (const [index, { session, prefixLength }] of chunk.entries()) {
        visit(session, prefixLength, scores.subarray(index * songCount, (index + 1) * songCount));
      }
    }
  }

  /** [steps * members, D]: what each prefix asks for; row step * members + column. */
  async #encode(sessions: Sessions, members: readonly number[]): Promise<Float32Array> {
    const width = this.#dimensions.embedding;
    const { dense, songVectors } = this.#weights;
    const lists = members.map((session) => sessionItems(sessions, session));
    const steps = Math.max(...lists.map((items) => items.length - 1));
    const inputVectors = new Float32Array(steps * members.length * width);
    for (const [column, items] of lists.entries()) {
      for (let step = 0; step + 1 < items.length; step++) {
        const song = items[step] as number;
        const vector = songVectors.subarray(song * width, (song + 1) * width);
        inputVectors.set(vector, (step * members.length + column) * width);
      }
    }
    const { queries } = await this.#encoder.run(
      {
        weights: { data: dense, shape: [dense.length] },
        inputVectors: { data: inputVectors, shape: [steps, members.length, width] },
      },
      ["queries"],
    );
    return queries.data;
  }

  async #scoreQueries(queries: Float32Array, count: number): Promise<Float32Array> {
    const { songVectors, scoringBias } = this.#weights;
    const width = this.#dimensions.embedding;
    const { scores } = await this.#scoring.run(
      {
        queries: { data: queries, shape: [count, width] },
        songVectors: { data: songVectors, shape: [scoringBias.length, width] },
        scoringBias: { data: scoringBias, shape: [1, scoringBias.length] },
      },
      ["scores"],
    );
    return scores.data;
  }
}
