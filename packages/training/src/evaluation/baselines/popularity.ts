/** Recommends the most played songs to everybody. */
import { type Sessions, sessionCount, sliceSessions } from "../../sessions/sessions.ts";
import { playCounts } from "../../sessions/vocabulary.ts";
import { PrefixScorer } from "../scorer.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
/** More than any figure looks at. */
const PROPOSED_SONGS = 100;

export class PopularityScorer extends PrefixScorer {
  readonly name: string;
  readonly #plays: Int32Array;
  readonly #mostPlayed: readonly number[];

  constructor(name: string, sessions: Sessions, songCount: number) {
    super(songCount);
    const plays = playCounts(sessions, songCount);
    this.name = name;
    this.#plays = plays;
    this.#mostPlayed = Array.from(plays.keys())
      .filter((song) => (plays[song] as number) > 0)
      .sort((one, other) => (plays[other] as number) - (plays[one] as number))
      .slice(0, PROPOSED_SONGS);
  }

  protected override propose(): void {
    for (const song of this.#mostPlayed) this.raise(song, this.#plays[song] as number);
  }
}

/** The sessions of the last seven days before the end. */
export function lastWeekOf(sessions: Sessions): Sessions {
  const since = (sessions.startedAtMs.at(-1) ?? 0) - WEEK_MS;
  const first = sessions.startedAtMs.findIndex((startedAtMs) => startedAtMs >= since);
  return sliceSessions(sessions, Math.max(0, first), sessionCount(sessions));
}
