import { describe, expect, test } from "vitest";
import { AnsweredRequests } from "./answered-requests.ts";
import type { RecommendReply } from "./pipeline-messages.ts";

const reply = (requestId: string): RecommendReply => ({
  kind: "failure",
  requestId,
  failure: { code: "INTERNAL", message: "" },
});

describe("answered requests", () => {
  test("are kept for the window", () => {
    const answered = new AnsweredRequests({ windowMs: 100, countMax: 10 });
    answered.remember(reply("a"), 0);
    answered.remember(reply("b"), 60);
    answered.forgetOld(100);
    expect(answered.replyTo("a")).toEqual(reply("a"));
    answered.forgetOld(101);
    expect(answered.replyTo("a")).toBeUndefined();
    expect(answered.replyTo("b")).toEqual(reply("b"));
  });

  test("are at most so many, the oldest forgotten first", () => {
    const answered = new AnsweredRequests({ windowMs: 100, countMax: 2 });
    for (const requestId of ["a", "b", "c"]) answered.remember(reply(requestId), 0);
    expect(answered.size).toBe(2);
    expect(answered.replyTo("a")).toBeUndefined();
  });
});
