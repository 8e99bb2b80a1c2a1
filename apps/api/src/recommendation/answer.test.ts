import { fromBinary, ReceiptRecordSchema } from "@segue/contracts";
import { describe, expect, test } from "vitest";
import { type Answer, decodeReceiptRecord, encodeReceiptRecord } from "./answer.ts";

const ANSWER: Answer = {
  songs: [{ songId: "song-9", score: 0.5, because: [{ songId: "song-1", weight: 0.25 }] }],
  receipt: {
    requestId: "r-1",
    modelVersion: "v1",
    level: "neighbours",
    reason: "no replica of stage 2",
    attempts: 2,
    totalMs: 12.5,
    hops: [
      {
        role: "compute",
        stage: 2,
        layerFirst: 3,
        layerLast: 4,
        shard: 0,
        replica: "compute-2-1",
        queueMs: 0.5,
        computeMs: 3.25,
        startedAtMs: 1_700_000_000_000.5,
        attempt: 1,
      },
    ],
    createdAtMs: 1_700_000_000_000,
    songIds: ["song-1", "song-2"],
    historySongIds: ["song-3"],
    user: "ada",
    limit: 7,
    songsPerArtistMax: 3,
  },
};

describe("an answer", () => {
  test("comes back from its record as it was", () => {
    expect(decodeReceiptRecord(encodeReceiptRecord(ANSWER))).toEqual(ANSWER);
  });

  test("can be encoded again after it came from a record", () => {
    const again = encodeReceiptRecord(decodeReceiptRecord(encodeReceiptRecord(ANSWER)));
    expect(fromBinary(ReceiptRecordSchema, again).receipt?.hops[0]?.replica).toBe("compute-2-1");
  });

  test.each([
    ["garbage", new Uint8Array([255, 255, 255])],
    ["a record without receipt", new Uint8Array(0)],
  ])("is not made of %s", (_, bytes) => {
    expect(() => decodeReceiptRecord(bytes)).toThrow(
      expect.objectContaining({ code: "MESSAGE_UNREADABLE" }) as Error,
    );
  });
});
