/**
 * Recommends what similar past sessions hold: SKNN and VSKNN after Ludewig and Jannach (2018), VSTAN
 * after Ludewig, Mauro, Latifi and Jannach (2021); settings are theirs for music.
 */
import type { Sessions } from "../../sessions/sessions.ts";
import { PrefixScorer } from "../scorer.ts";
import { createSessionIndex, type SessionIndex } from "./session-index.ts";

interface NeighbourMethod {
  readonly name: string;
  /** Similar sessions that speak. */
  readonly neighbours: number;
  /** Most recent sessions that are considered. */
  readonly candidates: number;
  /** Weight of a song of the prefix that stands so many places before its end (0: the last). */
  prefixWeight(fromEnd: number, prefixLength: number): number;
  /**
   * @param common summed weight of the shared songs
   * @param prefixNorm summed squared weight of the prefix's distinct songs
   */
  similarity(common: number, prefixSize: number, prefixNorm: number, sessionSize: number): number;
  /** Weight of a session whose latest shared song stands so many places before the prefix's end. */
  recencyWeight(fromEnd: number): number;
  /** Weight of a session's song so many places from the session's latest shared song. */
  distanceWeight(distance: number): number;
}

const METHODS = {
  sessionKnn: {
    name: "sessionKnn",
    neighbours: 50,
    candidates: 2500,
    prefixWeight: () => 1,
    similarity: (common, prefixSize, _norm, size) => common / (prefixSize + size - common),
    recencyWeight: () => 1,
    distanceWeight: () => 1,
  },
  vectorSessionKnn: {
    name: "vectorSessionKnn",
    neighbours: 50,
    candidates: 1000,
    prefixWeight: (fromEnd, length) => ((length - fromEnd) / length) ** 2,
    similarity: (common, prefixSize) => common / prefixSize,
    recencyWeight: (fromEnd) => 1 / (fromEnd + 1) ** 2,
    distanceWeight: () => 1,
  },
  vstan: {
    name: "vstan",
    neighbours: 200,
    candidates: 5000,
    prefixWeight: (fromEnd) => Math.exp(-fromEnd / 5),
    similarity: (common, _prefixSize, norm, size) => common / Math.sqrt(norm * size),
    recencyWeight: (fromEnd) => Math.exp(-fromEnd / 1.275),
    distanceWeight: (distance) => Math.exp(-distance / 3),
  },
} as const satisfies Record<string, NeighbourMethod>;

export class SessionNeighbourScorer extends PrefixScorer {
  readonly name: string;
  readonly #method: NeighbourMethod;
  readonly #index: SessionIndex;
  /** By past session: summed weight of shared songs, and the prefix place of the latest of them. */
  readonly #common: Float64Array;
  readonly #latest: Int32Array;

  constructor(method: NeighbourMethod, sessions: Sessions, songCount: number) {
    super(songCount);
    this.name = method.name;
    this.#method = method;
    this.#index = createSessionIndex(sessions, songCount);
    this.#common = new Float64Array(this.#index.sessionCount);
    this.#latest = new Int32Array(this.#index.sessionCount);
  }

  protected override propose(prefix: Int32Array): void {
    const method = this.#method;
    const lastPlaceOf = new Map(Array.from(prefix, (song, place) => [song, place]));
    let norm = 0;
    const met: number[] = [];
    for (const [song, place] of lastPlaceOf) {
      const weight = method.prefixWeight(prefix.length - 1 - place, prefix.length);
      norm += weight ** 2;
      for (const session of this.#index.recentSessionsOf(song, method.candidates)) {
        if (this.#common[session] === 0) {
          met.push(session);
          this.#latest[session] = place;
        }
        this.#common[session] = (this.#common[session] as number) + weight;
        this.#latest[session] = Math.max(this.#latest[session] as number, place);
      }
    }
    const recent = Int32Array.from(met).sort().reverse().subarray(0, method.candidates);
    for (const [session, similarity] of this.#mostSimilar(recent, lastPlaceOf.size, norm)) {
      const fromEnd = prefix.length - 1 - (this.#latest[session] as number);
      this.#proposeSession(session, similarity * method.recencyWeight(fromEnd), lastPlaceOf);
    }
    for (const session of met) this.#common[session] = 0;
  }

  /** Ties go to the more recent session. */
  #mostSimilar(recent: Int32Array, prefixSize: number, norm: number): [number, number][] {
    const { neighbours, similarity } = this.#method;
    return Array.from(recent, (session): [number, number] => {
      const common = this.#common[session] as number;
      const { length } = this.#index.distinctSongsOf(session);
      return [session, similarity(common, prefixSize, norm, length)];
    })
      .sort(([one, oneSimilarity], [other, otherSimilarity]) => {
        return otherSimilarity - oneSimilarity || other - one;
      })
      .slice(0, neighbours);
  }

  #proposeSession(session: number, weight: number, prefix: ReadonlyMap<number, number>): void {
    const songs = this.#index.distinctSongsOf(session);
    const places = this.#index.lastPlacesOf(session);
    let shared = 0;
    for (const [index, song] of songs.entries()) {
      if (prefix.has(song)) shared = Math.max(shared, places[index] as number);
    }
    for (const [index, song] of songs.entries()) {
      const distance = Math.abs((places[index] as number) - shared);
      this.raise(song, weight * this.#method.distanceWeight(distance));
    }
  }
}

export function sessionKnn(sessions: Sessions, songCount: number): SessionNeighbourScorer {
  return new SessionNeighbourScorer(METHODS.sessionKnn, sessions, songCount);
}

export function vectorSessionKnn(sessions: Sessions, songCount: number): SessionNeighbourScorer {
  return new SessionNeighbourScorer(METHODS.vectorSessionKnn, sessions, songCount);
}

export function vstan(sessions: Sessions, songCount: number): SessionNeighbourScorer {
  return new SessionNeighbourScorer(METHODS.vstan, sessions, songCount);
}
