import { describe, expect, test } from "vitest";
import type { Answer } from "./answer.ts";
import { AnswerMemory } from "./answer-memory.ts";

const answerOf = (requestId: string): Answer => ({
  songs: [],
  receipt: {
    requestId,
    modelVersion: "v1",
    level: "full",
    reason: "",
    attempts: 1,
    totalMs: 1,
    hops: [],
    createdAtMs: 0,
    songIds: [],
    historySongIds: [],
    user: "",
    limit: 20,
    songsPerArtistMax: 2,
  },
});

describe("answer memory", () => {
  test("makes one answer for calls that come while it is being made", async () => {
    const memory = new AnswerMemory({ now: () => 0 });
    let made = 0;
    const make = async () => {
      made += 1;
      return answerOf("r");
    };
    const answers = await Promise.all([1, 2, 3].map(() => memory.answerFor("r", "q", make)));
    expect(made).toBe(1);
    expect(new Set(answers).size).toBe(1);
  });

  test("forgets what an erased user was answered, also what is still being made", async () => {
    const memory = new AnswerMemory({ now: () => 0 });
    const { receipt } = answerOf("");
    const { promise, resolve } = Promise.withResolvers<Answer>();
    for (const user of ["ada", "bob"]) {
      const answer = { songs: [], receipt: { ...receipt, user } };
      await memory.answerFor(`of ${user}`, "q", async () => answer);
    }
    const making = memory.answerFor("being made", "q", () => promise);
    memory.forgetUser("ada");
    resolve({ songs: [], receipt: { ...receipt, user: "ada" } });
    await making;
    await Promise.resolve();
    const left = ["of ada", "of bob", "being made"].filter((id) => memory.find(id) !== undefined);
    expect(left).toEqual(["of bob"]);
  });

  test("does not remember a failure", async () => {
    const memory = new AnswerMemory({ now: () => 0 });
    await expect(
      memory.answerFor("r", "q", () => Promise.reject(new Error("once"))),
    ).rejects.toThrow("once");
    const again = await memory.answerFor("r", "q", async () => answerOf("r"));
    expect(again.receipt.requestId).toBe("r");
  });

  test("refuses another question under a known id", async () => {
    const memory = new AnswerMemory({ now: () => 0 });
    await memory.answerFor("r", "q", async () => answerOf("r"));
    expect(() => memory.answerFor("r", "other", async () => answerOf("r"))).toThrow(
      /belongs to another question/,
    );
  });

  test("forgets by age and by number, the oldest first", async () => {
    let nowMs = 0;
    const memory = new AnswerMemory({ now: () => nowMs, answersMax: 3, ageMsMax: 100 });
    for (const id of ["a", "b", "c", "d", "e"]) {
      await memory.answerFor(id, "q", async () => answerOf(id));
    }
    expect(memory.find("a")).toBeUndefined();
    expect(memory.find("e")).toBeDefined();
    nowMs = 101;
    expect(memory.find("e")).toBeUndefined();
  });

  test("refuses to make more answers at once than it may", async () => {
    const memory = new AnswerMemory({ now: () => 0, inFlightMax: 1 });
    const first = Promise.withResolvers<Answer>();
    const answering = memory.answerFor("a", "q", () => first.promise);
    expect(() => memory.answerFor("b", "q", async () => answerOf("b"))).toThrow(/being made/);
    first.resolve(answerOf("a"));
    await answering;
    await memory.answerFor("b", "q", async () => answerOf("b"));
    expect(memory.inFlightCount).toBe(0);
  });
});
