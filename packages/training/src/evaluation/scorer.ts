/** The one interface through which every method, network or baseline, is judged. */
import { type Sessions, sessionCount, sessionItems } from "../sessions/sessions.ts";

/** Score of a song that a method does not propose at all. */
export const UNSCORED = Number.NEGATIVE_INFINITY;

/**
 * Receives the scores of all songs as the successor of a session's first `prefixLength` songs. The
 * arrays are valid during the call only.
 * @param proposed the songs that have a score; all of them when absent
 */
export type PositionVisitor = (
  session: number,
  prefixLength: number,
  scores: Float32Array,
  proposed?: readonly number[],
) => void;

export interface Scorer {
  readonly name: string;
  /** Visits every position of every session once, in any order. */
  score(sessions: Sessions, visit: PositionVisitor): Promise<void>;
}

/** A method that scores from the prefix alone, one position at a time. */
export abstract class PrefixScorer implements Scorer {
  abstract readonly name: string;
  readonly #scores: Float32Array;
  readonly #touched: number[] = [];

  constructor(songCount: number) {
    this.#scores = new Float32Array(songCount).fill(UNSCORED);
  }

  score(sessions: Sessions, visit: PositionVisitor): Promise<void> {
    for (let session = 0; session < sessionCount(sessions); session++) {
      const items = sessionItems(sessions, session);
      for (let length = 1; length < items.length; length++) {
        this.propose(items.subarray(0, length));
        visit(session, length, this.#scores, this.#touched);
        for (const song of this.#touched) this.#scores[song] = UNSCORED;
        this.#touched.length = 0;
      }
    }
    return Promise.resolve();
  }

  /** Calls `raise` for every song proposed after this prefix. */
  protected abstract propose(prefix: Int32Array): void;

  protected raise(song: number, amount: number): void {
    const score = this.#scores[song] as number;
    if (score === UNSCORED) {
      this.#touched.push(song);
      this.#scores[song] = amount;
    } else {
      this.#scores[song] = score + amount;
    }
  }
}
