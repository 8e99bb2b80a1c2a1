import { createUnpartitionedModel, openRandomCheckpoint } from "@segue/model";
import { expect, test } from "vitest";

import { numberedSongs, simulateWorld } from "../../test/simulated-sessions.ts";
import { type Sessions, sessionItems, sessionsFromLists } from "../sessions/sessions.ts";
import { readNetworkWeights } from "../weights/checkpoint-tensors.ts";
import { ALL_BASELINES, evaluate } from "./evaluate.ts";
import { NetworkScorer } from "./network-scorer.ts";

const SONGS = 150;

test("evaluate › judges every method on any checkpoint by the model's own song ids", async () => {
  const checkpoint = await openRandomCheckpoint({
    songCount: SONGS,
    size: { embedding: 8, hidden: 8 },
  });
  const { sessions } = simulateWorld(4, SONGS, 400);
  const ids = Array.from({ length: SONGS }, (_, row) => `s${row}`);
  const rows = await evaluate({
    checkpoint,
    sessions,
    songs: { ...numberedSongs(SONGS), ids },
    baselines: ALL_BASELINES,
  });
  expect(rows.map((row) => row.method)).toEqual([...ALL_BASELINES, "network"]);
  const figureOf = (method: string) =>
    rows.find((row) => row.method === method)?.figures["hr@20"] ?? Number.NaN;
  expect(figureOf("associationRules")).toBeGreaterThan(figureOf("popularity"));
  expect(figureOf("network")).toBeLessThan(figureOf("associationRules"));
});

test("evaluate › refuses sessions of which the model knows nothing", async () => {
  const checkpoint = await openRandomCheckpoint({
    songCount: SONGS,
    size: { embedding: 8, hidden: 8 },
  });
  const { sessions, songs } = simulateWorld(4, SONGS, 100);
  await expect(evaluate({ checkpoint, sessions, songs })).rejects.toMatchObject({
    code: "TRAINING_DATA_INSUFFICIENT",
  });
});

test("the network is judged by the very scores that serving computes from the same checkpoint", async () => {
  const dimensions = { embedding: 12, hidden: 20 };
  const checkpoint = await openRandomCheckpoint({ songCount: SONGS, size: dimensions });
  const serving = await createUnpartitionedModel(checkpoint);
  const scorer = await NetworkScorer.open(dimensions, await readNetworkWeights(checkpoint));
  const sessions: Sessions = sessionsFromLists([
    [3, 1, 4, 1, 5, 9, 2],
    [6, 5, 3, 5],
  ]);
  const judged: { prefix: Uint32Array; scores: Float32Array }[] = [];
  await scorer.score(sessions, (session, length, scores) => {
    const prefix = Uint32Array.from(sessionItems(sessions, session).subarray(0, length));
    judged.push({ prefix, scores: scores.slice() });
  });
  expect(judged).toHaveLength(9);
  for (const { prefix, scores } of judged) {
    const served = await serving.run({
      variants: [prefix],
      maskedRows: new Uint32Array(),
      candidates: SONGS,
    });
    expect(served.rows).toHaveLength(SONGS);
    // Serving gives logarithms of probabilities; ranking needs only the outputs under them.
    const logSum = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));
    for (const [rank, row] of served.rows.entries()) {
      const probability = (scores[row] as number) - logSum;
      expect(Math.abs(probability - (served.scores[rank] as number))).toBeLessThan(1e-5);
    }
  }
  await Promise.all([serving.close(), scorer.close()]);
});
