// Real: the server on a port of its own and HTTP/2. Fake: nothing.
import { connect } from "node:http2";
import { gzipSync } from "node:zlib";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema } from "@segue/contracts/error-details";
import {
  GenreAnalysisService,
  MapReduceService,
  RecommendationService,
  StreamListSchema,
  UserBehaviorService,
} from "@segue/contracts/music";
import { describe, expect, onTestFinished, test } from "vitest";
import { enveloped, startCall, statusOf } from "./raw-call.ts";
import { clientOf, startTestServer } from "./start-test-server.ts";

const RECORDS = [
  { userId: "U1", songId: "S1", artist: "Ana", duration: 200, genre: "Pop" },
  { userId: "U2", songId: "S2", artist: "Bo - Co", duration: 100, genre: "" },
  { userId: "U1", songId: "S3", artist: "Di", duration: 50, genre: "Jazz" },
  { userId: "U1", songId: "S3", artist: "Di", duration: 10, genre: "Jazz" },
  { userId: "U3", songId: "Co - S2", artist: "Bo", duration: 360, genre: "" },
];
const list = (records = RECORDS) =>
  create(StreamListSchema, {
    records: records.map((record) => ({ ...record, timestamp: "2025-11-05T10:53:00" })),
  });

describe("the unary calls", () => {
  test("answer on every port, each for every service", async () => {
    const { addresses } = await startTestServer({ ports: [0, 0, 0, 0] });
    expect(new Set(addresses).size).toBe(4);
    for (const address of addresses) {
      const { playCounts } = await clientOf(MapReduceService, address).aggregateStream(list());
      // "Bo - Co" and "S2" spell the same key as "Bo" and "Co - S2".
      expect(playCounts).toEqual({ "Ana - S1": 1, "Bo - Co - S2": 2, "Di - S3": 2 });
      const users = await clientOf(UserBehaviorService, address).analyzeUsers(list());
      expect(users.userStats).toMatchObject([
        { userId: "U1", totalTime: 260, topArtist: "Di" },
        { userId: "U2", totalTime: 100, topArtist: "Bo - Co" },
        { userId: "U3", totalTime: 360, topArtist: "Bo" },
      ]);
      expect(users.topUsers).toEqual(["U3", "U1", "U2"]);
      const genres = await clientOf(GenreAnalysisService, address).analyzeGenres(list());
      expect(genres.genreCounts).toEqual({ Pop: 1, "": 2, Jazz: 2 });
      expect(genres.topGenres).toEqual(["", "Jazz", "Pop"]);
      expect(genres.processingTime).toBeGreaterThan(0);
    }
  });

  test("recommend what trends and is not by the top artist", async () => {
    const { addresses } = await startTestServer();
    const answer = await clientOf(RecommendationService, addresses[0]).recommend({
      playCounts: { playCounts: { "B - 2": 3, "A - 1": 3, "AB - 1": 9, "C - 9": 1, x: 1, y: 1 } },
      userStats: {
        userStats: [
          { userId: "U1", topArtist: "A" },
          { userId: "__proto__", topArtist: "AB" },
          { userId: "none", topArtist: "" },
        ],
      },
    });
    expect(answer.trendingSongs).toEqual(["AB - 1", "A - 1", "B - 2", "C - 9", "x"]);
    expect(
      Object.entries(answer.recommendations).map(([user, { values }]) => [user, values]),
    ).toEqual([
      ["U1", ["AB - 1", "B - 2", "C - 9", "x"]],
      ["__proto__", ["A - 1", "B - 2", "C - 9", "x"]],
      ["none", []],
    ]);
  });

  test("answer an empty list with empty results", async () => {
    const { addresses } = await startTestServer();
    const empty = list([]);
    const [address] = addresses;
    expect(await clientOf(MapReduceService, address).aggregateStream(empty)).toMatchObject({
      playCounts: {},
    });
    expect(await clientOf(UserBehaviorService, address).analyzeUsers(empty)).toMatchObject({
      userStats: [],
      topUsers: [],
    });
    expect(await clientOf(GenreAnalysisService, address).analyzeGenres(empty)).toMatchObject({
      genreCounts: {},
      topGenres: [],
    });
    expect(await clientOf(RecommendationService, address).recommend({})).toMatchObject({
      trendingSongs: [],
      recommendations: {},
    });
  });
});

describe("the unary calls refuse", () => {
  test.each([
    ["a negative duration", -1],
    ["a duration of more than 24 days", 2_073_601],
  ])("%s with the index of its record", async (_, duration) => {
    const { addresses } = await startTestServer();
    const records = RECORDS.map((record, index) =>
      index === 3 ? { ...record, duration } : record,
    );
    const error = await refusal(
      clientOf(UserBehaviorService, addresses[0]).analyzeUsers(list(records)),
    );
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain("[REQUEST_INVALID] Record 3: duration");
    expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field).toBe(
      "records[3].duration",
    );
    expect(error.findDetails(ErrorInfoSchema)[0]?.reason).toBe("REQUEST_INVALID");
  });

  test("a total beyond int32, and name the streaming call", async () => {
    const { addresses } = await startTestServer();
    const records = RECORDS.map((record) => ({ ...record, duration: 2_000_000_000 }));
    const error = await refusal(
      clientOf(UserBehaviorService, addresses[0]).analyzeUsers(list(records)),
    );
    expect(error.code).toBe(Code.OutOfRange);
    expect(error.rawMessage).toContain('user "U1" is 6000000000 s');
    expect(error.rawMessage).toContain("AnalyzeUserBatches");
  });

  test("a total beyond int32 of a user with a name longer than a status may be", async () => {
    const { addresses } = await startTestServer();
    const userId = "u".repeat(100_000);
    const records = RECORDS.map((record) => ({ ...record, userId, duration: 2_000_000_000 }));
    const error = await refusal(
      clientOf(UserBehaviorService, addresses[0]).analyzeUsers(list(records)),
    );
    expect(error.code).toBe(Code.OutOfRange);
    expect(error.rawMessage).toContain(`user "${"u".repeat(100)}..." is`);
  });

  test("a message that is too large, and name the streaming call", async () => {
    const { addresses, calls } = await startTestServer({ messageBytesMax: 100 });
    const error = await refusal(clientOf(MapReduceService, addresses[0]).aggregateStream(list()));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.rawMessage).toContain("[PAYLOAD_TOO_LARGE]");
    expect(error.rawMessage).toContain("AnalyticsStreamService/AggregatePlays");
    expect(calls).toEqual(["music.MapReduceService/AggregateStream ResourceExhausted"]);
  });
});

describe("a message of very many records", () => {
  /** Each takes two bytes, and would become an object. */
  const emptyRecords = (count: number) =>
    new Uint8Array(2 * count).map((_, at) => (at % 2 ? 0 : 10));

  test.each([
    ["as it is", "identity", (bytes: Uint8Array) => enveloped(bytes, false)],
    ["packed", "gzip", (bytes: Uint8Array) => enveloped(gzipSync(bytes), true)],
  ])("is refused before they are made, %s", async (_, encoding, inEnvelope) => {
    const { addresses, calls } = await startTestServer();
    const session = connect(`http://${addresses[0]}`);
    onTestFinished(() => session.destroy());
    const statusFor = (records: number) => {
      const path = "/music.MapReduceService/AggregateStream";
      const call = startCall(session, path, { "grpc-encoding": encoding });
      call.end(inEnvelope(emptyRecords(records)));
      return statusOf(call);
    };
    const { code, message } = await statusFor(2_000_001);
    expect(code).toBe(Code.ResourceExhausted);
    expect(message).toContain("holds more than 2,000,000 records");
    expect(message).toContain("AnalyticsStreamService/AggregatePlays");
    expect(await statusFor(1_000)).toEqual({ code: 0, message: "" });
    expect(calls).toEqual([
      "music.MapReduceService/AggregateStream ResourceExhausted",
      "music.MapReduceService/AggregateStream OK",
    ]);
  });
});

async function refusal(answer: Promise<unknown>): Promise<ConnectError> {
  return answer.then(
    () => {
      throw new Error("The call was answered");
    },
    (error: unknown) => ConnectError.from(error),
  );
}
