import { create, toBinary } from "@bufbuild/protobuf";
import { RecommendationRequestSchema, StreamListSchema } from "@segue/contracts/music";
import { describe, expect, test } from "vitest";
import { entriesIn } from "./entries-in.ts";

describe("entries of an encoded message", () => {
  test("are its records, whatever they hold", () => {
    const record = { userId: "ünal", songId: "s".repeat(300), artist: "A", duration: 2_073_600 };
    const list = create(StreamListSchema, { records: [record, {}, record] });
    expect(entriesIn(toBinary(StreamListSchema, list), 1, 100)).toBe(3);
    expect(entriesIn(new Uint8Array(0), 1, 100)).toBe(0);
  });

  test("are those of the messages in it too, where they are asked for", () => {
    const request = create(RecommendationRequestSchema, {
      playCounts: { playCounts: { "A - 1": 5, "B - 2": -1 }, processingTime: 1.5 },
      userStats: { userStats: [{ userId: "u" }, {}, {}], topUsers: ["u"], processingTime: 2 },
    });
    // Two messages, with two entries in the one and four in the other.
    expect(entriesIn(toBinary(RecommendationRequestSchema, request), 2, 100)).toBe(2 + 2 + 4);
  });

  test("are counted no further than is asked, and to the end of what is no message", () => {
    const empties = new Uint8Array(2_000).map((_, at) => (at % 2 === 0 ? 0x0a : 0));
    expect(entriesIn(empties, 1, 5_000)).toBe(1_000);
    expect(entriesIn(empties, 1, 10)).toBe(11);
    expect(entriesIn(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f, 1), 2, 10)).toBe(1);
    expect(entriesIn(new Uint8Array(100).fill(0xff), 2, 10)).toBe(0);
    expect(entriesIn(Uint8Array.of(0x0b, 0x0a, 0x00), 1, 10)).toBe(0);
  });
});
