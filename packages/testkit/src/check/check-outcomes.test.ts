import { describe, expect, it } from "vitest";
import type { Answer, Outcome } from "../load/outcome.ts";
import { type CheckOptions, checkOutcomes, type StoredAnswer } from "./check-outcomes.ts";

const SONGS = [
  { id: "a", score: -5 },
  { id: "b", score: -6 },
  { id: "c", score: -6.0000005 },
  { id: "d", score: -7 },
];
const PICKS = ["p1", "p2", "p3", "p4", "p5"];

function answerOf(requestId: string, songs = SONGS, level = "full", reason?: string): Answer {
  const named = reason === undefined ? {} : { reason };
  const receipt = { requestId, modelVersion: "m-1", level, ...named, attempts: 1, songs: PICKS };
  return { requestId, songs, receipt };
}

function outcomeOf(requestId: string, answer: Answer | undefined, latencyMs = 20): Outcome {
  const got = answer === undefined ? { problem: "reset" } : { answer, latencyMs, status: 200 };
  return { question: 0, sentId: requestId, sentAtMs: 1_000, ...got };
}

function faultsIn(outcomes: readonly Outcome[], options: Partial<CheckOptions> = {}) {
  const findings = checkOutcomes(outcomes, { deadlineMs: 6_000, expected: [SONGS], ...options });
  return findings.map(({ fault, detail }) => `${fault}: ${detail}`);
}

describe("the checker of outcomes", () => {
  it("finds nothing in right answers", () => {
    const answer = answerOf("r1");
    const stored = new Map<string, StoredAnswer>([["r1", answer]]);
    expect(faultsIn([outcomeOf("r1", answer)], { stored })).toEqual([]);
  });

  it("finds a request that nobody answered", () => {
    expect(faultsIn([outcomeOf("r1", undefined)])).toEqual(["failed: no answer: reset"]);
  });

  it("finds an answer that is an error", () => {
    const outcome = { ...outcomeOf("r1", undefined), latencyMs: 9, status: 503, problem: "{}" };
    const odd = { ...outcomeOf("r2", answerOf("r2")), status: 500, problem: "odd" };
    expect(faultsIn([outcome, odd])).toEqual(["failed: 503: {}", "failed: 500: odd"]);
  });

  it("finds an answer after the deadline", () => {
    expect(faultsIn([outcomeOf("r1", answerOf("r1"), 6_400)])).toEqual(["late: after 6400 ms"]);
  });

  it("finds other songs under the same scores", () => {
    const other = SONGS.map((song, rank) => (rank === 0 ? { ...song, id: "x" } : song));
    expect(faultsIn([outcomeOf("r1", answerOf("r1", other))])).toEqual([
      "wrong: rank 1 is x instead of a",
    ]);
  });

  it("finds other scores under the same songs", () => {
    const other = SONGS.map((song, rank) => (rank === 3 ? { ...song, score: -7.1 } : song));
    expect(faultsIn([outcomeOf("r1", answerOf("r1", other))])).toEqual([
      "wrong: rank 4 has score -7.1 instead of -7",
    ]);
  });

  it("finds a missing song and a song that comes twice", () => {
    const [first, second, third] = SONGS;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const short = answerOf("r1", [first, second, third]);
    const twice = answerOf("r2", [first, first, second, third]);
    expect(faultsIn([outcomeOf("r1", short), outcomeOf("r2", twice)])).toEqual([
      "wrong: 3 songs instead of 4",
      "wrong: a song comes twice",
    ]);
  });

  it("accepts a swap of songs whose scores are as good as equal, and no other", () => {
    const [first, second, third, fourth] = SONGS;
    if (!first || !second || !third || !fourth) throw new Error();
    const near = answerOf("r1", [first, third, second, fourth]);
    const far = answerOf("r2", [second, first, third, fourth]);
    expect(faultsIn([outcomeOf("r1", near), outcomeOf("r2", far)])).toEqual([
      "wrong: rank 1 has score -6 instead of -5",
    ]);
  });

  it("finds another request's answer", () => {
    expect(faultsIn([outcomeOf("r1", answerOf("r2"))])).toEqual([
      "wrong: the answer and its receipt belong to r2, r2",
    ]);
  });

  it("finds one request id with two outcomes", () => {
    const outcome = outcomeOf("r1", answerOf("r1"));
    expect(faultsIn([outcome, outcome])).toEqual(["duplicate: answered more than once"]);
  });

  it("finds a degraded answer where every stage has a replica", () => {
    const degraded = answerOf("r1", SONGS, "neighbours", "no replica of stage 2");
    expect(faultsIn([outcomeOf("r1", degraded)])).toEqual([
      "mislabelled: neighbours: no replica of stage 2",
    ]);
  });

  it("wants the reason of a degraded answer, and songs other than the full answer's", () => {
    const mayBeDegraded = () => true;
    const fewer = SONGS.slice(1);
    const silent = answerOf("r1", fewer, "neighbours");
    const pretended = answerOf("r2", SONGS, "neighbours", "because");
    const honest = answerOf("r3", fewer, "neighbours", "no replica of stage 2");
    const outcomes = [
      outcomeOf("r1", silent),
      outcomeOf("r2", pretended),
      outcomeOf("r3", honest),
      outcomeOf("r4", answerOf("r4", [], "trending", "because")),
    ];
    expect(faultsIn(outcomes, { mayBeDegraded })).toEqual([
      "mislabelled: neighbours without a reason",
      "mislabelled: neighbours, yet the full answer",
      "wrong: trending without a song",
    ]);
  });

  it("finds a false claim of full service", () => {
    const pretended = answerOf("r1", SONGS.slice(1), "full");
    expect(faultsIn([outcomeOf("r1", pretended)], { mayBeDegraded: () => true })).toEqual([
      "wrong: 3 songs instead of 4",
    ]);
  });

  it("finds receipts that are missing or tell something else", () => {
    const outcomes = ["r1", "r2", "r3", "r4"].map((id) => outcomeOf(id, answerOf(id)));
    const other = answerOf("r4");
    const stored = new Map<string, StoredAnswer>([
      ["r2", answerOf("r2", SONGS, "neighbours", "x")],
      ["r3", answerOf("r3", SONGS.slice(1))],
      ["r4", { ...other, receipt: { ...other.receipt, songs: ["q"] } }],
    ]);
    expect(faultsIn(outcomes, { stored })).toEqual([
      "receipt: none is stored",
      "receipt: level is neighbours instead of full",
      "receipt: 3 songs instead of 4",
      "receipt: it is of another question",
    ]);
  });

  it("forgives a receipt that a killed server took with it, but no wrong one", () => {
    const outcomes = ["r1", "r2"].map((id) => outcomeOf(id, answerOf(id)));
    const stored = new Map([["r2", answerOf("r2", SONGS, "neighbours", "x")]]);
    expect(faultsIn(outcomes, { stored, mayLackReceipt: () => true })).toEqual([
      "receipt: level is neighbours instead of full",
    ]);
  });
});
