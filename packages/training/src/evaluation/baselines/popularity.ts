/** Recommends the most played songs to everybody. */
import {
  type Sessions,
  sessionCount,
  sessionItems,
  sliceSessions,
} from "../../sessions/sessions.ts";
import { playCounts } from "../../sessions/vocabulary.ts";
import { type PositionVisitor, type Scorer, UNSCORED } from "../scorer.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export class PopularityScorer implements Scorer {
  readonly name: string;
  readonly #scores: Float32Array;

  constructor(name: string, sessions: Sessions, songCount: number) {
    this.name = name;
    this.#scores = Float32Array.from(playCounts(sessions, songCount), (plays) =>
      plays > 0 ? plays : UNSCORED,
    );
  }

  score(sessions: Sessions, visit: PositionVisitor): Promise<void> {
    for (let session = 0; session < sessionCount(sessions); session++) {
      const { length } = sessionItems(sessions, session);
      for (let prefixLength = 1; prefixLength < length; prefixLength++) {
        visit(session, prefixLength, this.#scores);
      }
    }
    return Promise.resolve();
  }
}

/** The sessions of the last seven days before the end. */
export function lastWeekOf(sessions: Sessions): Sessions {
  const since = (sessions.startedAtMs.at(-1) ?? 0) - WEEK_MS;
  const first = sessions.startedAtMs.findIndex((startedAtMs) => startedAtMs >= since);
  return sliceSessions(sessions, Math.max(0, first), sessionCount(sessions));
}
