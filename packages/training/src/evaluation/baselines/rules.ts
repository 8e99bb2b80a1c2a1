/**
 * Association rules (AR) and sequential rules (SR) as in Ludewig and Jannach, "Evaluation of
 * session-based recommendation algorithms" (2018): songs that occur with, or after, the last ones.
 */
import { type NeighbourTable, strongestCooccurrences } from "../../cooccurrence/neighbours.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import { PrefixScorer } from "../scorer.ts";

export class RuleScorer extends PrefixScorer {
  readonly name: string;
  readonly #rules: NeighbourTable;
  /** How many of the last songs speak, each with weight 1 / its distance from the end. */
  readonly #lastSongs: number;

  constructor(name: string, rules: NeighbourTable, songCount: number, lastSongs: number) {
    super(songCount);
    this.name = name;
    this.#rules = rules;
    this.#lastSongs = lastSongs;
  }

  protected override propose(prefix: Int32Array): void {
    const { width, rows, weights } = this.#rules;
    for (let back = 1; back <= Math.min(this.#lastSongs, prefix.length); back++) {
      const from = (prefix[prefix.length - back] as number) * width;
      for (let at = from; at < from + width && (rows[at] as number) >= 0; at++) {
        this.raise(rows[at] as number, (weights[at] as number) / back);
      }
    }
  }
}

/** Co-occurrence in a session with the last song, whatever the distance. */
export function associationRules(sessions: Sessions, songCount: number): RuleScorer {
  const rules = strongestCooccurrences(sessions, songCount, 20, {
    direction: "both",
    weigh: () => 1,
  });
  return new RuleScorer("associationRules", rules, songCount, 1);
}

/** Songs up to nine places after the last song, the near ones counting more. */
export function sequentialRules(sessions: Sessions, songCount: number): RuleScorer {
  return new RuleScorer("sequentialRules", successors(sessions, songCount, 20), songCount, 1);
}

/** SR with longer lists and the last four songs ("SR+"). */
export function extendedSequentialRules(sessions: Sessions, songCount: number): RuleScorer {
  const rules = successors(sessions, songCount, 60);
  return new RuleScorer("extendedSequentialRules", rules, songCount, 4);
}

function successors(sessions: Sessions, songCount: number, width: number): NeighbourTable {
  return strongestCooccurrences(sessions, songCount, width, {
    direction: "after",
    distanceMax: 9,
    weigh: (distance) => 1 / distance ** 2,
  });
}
