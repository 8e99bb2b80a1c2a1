import { describe, expect, test } from "vitest";

import { Random } from "../random.ts";
import {
  type Sessions,
  sessionCount,
  sessionItems,
  sessionsFromLists,
} from "../sessions/sessions.ts";
import { lastWeekOf, PopularityScorer } from "./baselines/popularity.ts";
import { associationRules, extendedSequentialRules, sequentialRules } from "./baselines/rules.ts";
import { sessionKnn, vectorSessionKnn, vstan } from "./baselines/session-neighbours.ts";
import { judge } from "./evaluate.ts";
import { RankingMetrics } from "./ranking-metrics.ts";
import { type Scorer, UNSCORED } from "./scorer.ts";

const SONGS = 500;
const random = new Random(1);
const sessions = sessionsFromLists(
  Array.from({ length: 1500 }, () => Array.from({ length: 6 }, () => random.below(SONGS))),
);

/** Scores each position by a function of the song that really comes next. */
function scorerOf(scoreFor: (song: number, next: number) => number): Scorer {
  return {
    name: "test",
    score(test, visit) {
      for (let session = 0; session < sessionCount(test); session++) {
        const items = sessionItems(test, session);
        for (let length = 1; length < items.length; length++) {
          const next = items[length] as number;
          visit(
            session,
            length,
            Float32Array.from({ length: SONGS }, (_, song) => scoreFor(song, next)),
          );
        }
      }
      return Promise.resolve();
    },
  };
}

describe("the evaluator judges", () => {
  test("a random scorer at 20 / N", async () => {
    const figures = await judge(
      scorerOf(() => random.unit()),
      sessions,
      SONGS,
    );
    expect(figures.positions).toBe(7500);
    expect(Math.abs(figures["hr@20"] - 20 / SONGS)).toBeLessThan(4 * figures["hr@20Error"]);
    expect(figures["hr@20Error"]).toBeLessThan(0.01);
    expect(figures["coverage@20"]).toBe(1);
  });

  test("a constant scorer at 0, because ties count against it", async () => {
    const figures = await judge(
      scorerOf(() => 1),
      sessions,
      SONGS,
    );
    expect([figures["hr@20"], figures["mrr@20"], figures["ndcg@10"]]).toEqual([0, 0, 0]);
  });

  test("scores that are no numbers at 0", async () => {
    const figures = await judge(
      scorerOf(() => Number.NaN),
      sessions,
      SONGS,
    );
    expect(figures["hr@20"]).toBe(0);
  });

  test("an oracle at 1", async () => {
    const figures = await judge(
      scorerOf((song, next) => (song === next ? 2 : 1)),
      sessions,
      SONGS,
    );
    expect([figures["hr@1"], figures["hr@20"], figures["mrr@20"], figures["ndcg@10"]]).toEqual([
      1, 1, 1, 1,
    ]);
  });
});

test("ranking metrics › a third place counts a third, and later songs count in the rest", () => {
  const metrics = new RankingMetrics(sessionsFromLists([[0, 1, 2]]), 40);
  const scores = Float32Array.from({ length: 40 }, (_, song) => -song);
  metrics.add(0, 1, scores.with(1, -1.5).with(3, -1.2).with(5, -1.4));
  const figures = metrics.figures();
  expect(figures).toMatchObject({ "hr@1": 0, "hr@10": 1, "hr@20": 1, "restRecall@20": 1 });
  expect(figures["mrr@20"]).toBeCloseTo(1 / 4, 10);
  expect(figures["ndcg@10"]).toBeCloseTo(1 / Math.log2(5), 10);
});

describe("baselines", () => {
  const past = sessionsFromLists([
    [1, 2, 3],
    [1, 2, 4],
    [5, 1, 2],
    [6, 7],
  ]);

  test("popularity proposes the most played songs, or those of the last week", async () => {
    const scores = await scoresAfter(new PopularityScorer("popularity", past, 9), [6]);
    expect([scores[1], scores[2], scores[8]]).toEqual([3, 3, UNSCORED]);
    const days = [0, 1, 6, 9].map((day) => day * 24 * 3600 * 1000);
    const recent = lastWeekOf({ ...past, startedAtMs: Float64Array.from(days) });
    expect(Array.from(recent.items)).toEqual([5, 1, 2, 6, 7]);
  });

  test("association rules know no order, sequential rules know nothing else", async () => {
    const associated = await scoresAfter(associationRules(past, 9), [2]);
    expect([associated[1], associated[3], associated[5], associated[6]]).toEqual([
      3,
      1,
      1,
      UNSCORED,
    ]);
    const sequential = await scoresAfter(sequentialRules(past, 9), [2]);
    expect([sequential[1], sequential[3], sequential[4]]).toEqual([UNSCORED, 1, 1]);
  });

  test("extended sequential rules also hear the songs before the last, more faintly", async () => {
    const scores = await scoresAfter(extendedSequentialRules(past, 9), [6, 2]);
    expect([scores[3], scores[7]]).toEqual([1, 0.5]);
  });

  test.each([sessionKnn, vectorSessionKnn, vstan])(
    "%o proposes what similar sessions hold, the more similar the higher",
    async (create) => {
      const scores = await scoresAfter(create(past, 9), [5, 1]);
      expect(scores[2]).toBeGreaterThan(scores[3] as number);
      expect(scores[3]).toBeGreaterThan(0);
      expect(scores[7]).toBe(UNSCORED);
    },
  );
});

/** The scores after a prefix; what comes next does not matter. */
async function scoresAfter(scorer: Scorer, prefix: number[]): Promise<Float32Array> {
  const test: Sessions = sessionsFromLists([[...prefix, 0]]);
  let found = new Float32Array();
  await scorer.score(test, (_session, length, scores) => {
    if (length === prefix.length) found = scores.slice();
  });
  return found;
}
