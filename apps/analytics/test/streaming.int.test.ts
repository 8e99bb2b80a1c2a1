// Real: the server, HTTP/2, worker threads where rows are many. Fake: nothing.
import { connect } from "node:http2";
import { type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  AggregatePlaysResponseSchema,
  AnalyticsStreamService,
  type PlayBatchSchema,
} from "@segue/contracts/analytics";
import { BadRequestSchema } from "@segue/contracts/error-details";
import { GenreAnalysisService } from "@segue/contracts/music";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { codedPlays } from "./coded-plays.ts";
import { startCall, statusOf } from "./raw-call.ts";
import { clientOf, collected, MIB, startTestServer } from "./start-test-server.ts";

type Batch = MessageInitShape<typeof PlayBatchSchema>;

async function* requestsOf(batches: readonly Batch[]) {
  for (const plays of batches) yield { plays };
}

async function startClient() {
  const { addresses } = await startTestServer();
  return clientOf(AnalyticsStreamService, addresses[0]);
}

describe("the streaming calls", () => {
  const plays = codedPlays(20_000, 3_000);

  test("count plays as a dictionary does", async () => {
    const client = await startClient();
    const answers = await collected(client.aggregatePlays(requestsOf(plays.batches)));
    const counts = answers.flatMap(({ keys, counts: found }) =>
      keys.map((key, entry) => [key, Number(found[entry])] as const),
    );
    expect(counts).toEqual([...plays.playCounts]);
    expect(answers.at(-1)?.processingTime).toBeGreaterThan(0);
  });

  test("add up listening time beyond int32", async () => {
    const client = await startClient();
    const longest = new Int32Array(3_000).fill(2_073_600);
    const [batch] = codedPlays(3_000, 3_000).batches;
    const one = { added: ["U1"], codes: new Uint8Array(4 * 3_000) };
    const [answer] = await collected(
      client.analyzeUserBatches(
        requestsOf([{ ...batch, users: one, seconds: new Uint8Array(longest.buffer) }]),
      ),
    );
    expect(answer?.totalSeconds).toEqual([3_000n * 2_073_600n]);
    expect(answer?.topUsers).toEqual(["U1"]);
  });

  test("give user statistics and genres in one order however the rows are sent", async () => {
    const client = await startClient();
    const users = await collected(client.analyzeUserBatches(requestsOf(plays.batches)));
    expect(
      users.flatMap(({ users: ids, totalSeconds }) =>
        ids.map((id, entry) => [id, Number(totalSeconds[entry])]),
      ),
    ).toEqual([...plays.secondsByUser]);
    const genres = await collected(client.analyzeGenreBatches(requestsOf(plays.batches)));
    const backwards = codedPlays(20_000, 20_000).batches;
    const again = await collected(client.analyzeGenreBatches(requestsOf(backwards)));
    expect(again[0]?.genres).toEqual(genres[0]?.genres);
    expect(again[0]?.counts).toEqual(genres[0]?.counts);
  });

  test("answer in messages of less than a MiB", async () => {
    const client = await startClient();
    const rows = 30_000;
    const added = Array.from({ length: rows }, (_, row) => `${row} ${"é".repeat(30)}`);
    const codes = new Uint8Array(Uint32Array.from(added.keys()).buffer);
    const answers = await collected(
      client.aggregatePlays(
        requestsOf([{ firstRow: 0n, rows, songs: { added, codes }, artists: { added, codes } }]),
      ),
    );
    expect(answers.length).toBeGreaterThan(1);
    expect(answers.flatMap(({ keys }) => keys)).toHaveLength(rows);
    for (const answer of answers) {
      expect(toBinary(AggregatePlaysResponseSchema, answer).length).toBeLessThan(MIB);
    }
  });

  test("answer a stream without batches with empty results", async () => {
    const client = await startClient();
    expect(await collected(client.aggregatePlays(requestsOf([])))).toMatchObject([{ keys: [] }]);
    expect(await collected(client.analyzeUserBatches(requestsOf([])))).toMatchObject([
      { users: [], topUsers: [] },
    ]);
    expect(await collected(client.analyzeGenreBatches(requestsOf([])))).toMatchObject([
      { genres: [] },
    ]);
    expect(await collected(client.recommendBatches(noRequests()))).toMatchObject([
      { trendingSongs: [] },
    ]);
  });

  test("count the same on no thread and on 1, 2, 3 and 7", async () => {
    const { batches, playCounts } = codedPlays(1_200_000, 100_000);
    for (const threads of [0, 1, 2, 3, 7]) {
      const { addresses } = await startTestServer({ threads });
      expect(await countsFrom(addresses[0], batches)).toEqual([...playCounts]);
    }
  });

  test.each([1, 2, 4])("read numbers of %i bytes", async (width) => {
    const client = await startClient();
    const numbers = (...values: number[]) => littleEndian(values, width);
    const batch = {
      rows: 5,
      users: { added: ["U1", "U2"], codes: numbers(0, 1, 0, 0, 1) },
      artists: { added: ["A", "B", "C"], codes: numbers(2, 0, 1, 1, 0) },
      seconds: numbers(200, 100, 50, 255, 7),
    };
    // A batch of fewer rows takes the memory of the one before.
    const shorter = {
      firstRow: 5n,
      rows: 1,
      users: { codes: numbers(1) },
      artists: { codes: numbers(2) },
      seconds: numbers(1),
    };
    const answers = await collected(client.analyzeUserBatches(requestsOf([batch, shorter])));
    expect(answers).toMatchObject([
      { users: ["U1", "U2"], totalSeconds: [505n, 108n], topArtists: ["B", "A"] },
    ]);
  });

  test("count the same over nodes, of which a dead one is passed over", async () => {
    const { batches, playCounts } = codedPlays(20_000, 5_000);
    const node = await startTestServer();
    const dead = await startTestServer();
    await dead.close();
    const nodes = [...dead.addresses, ...node.addresses];
    const { addresses, warnings } = await startTestServer({ nodes });
    expect(await countsFrom(addresses[0], batches)).toEqual([...playCounts]);
    expect(warnings).toMatchObject([{ address: dead.addresses[0] }]);
    expect(node.calls).toEqual(["segue.analytics.v1.AnalyticsStreamService/AggregatePlays OK"]);
  });

  test("count where they are called when every node is dead", async () => {
    const { batches, playCounts } = codedPlays(20_000, 5_000);
    const dead = await startTestServer();
    await dead.close();
    const { addresses, warnings } = await startTestServer({ nodes: dead.addresses });
    expect(await countsFrom(addresses[0], batches)).toEqual([...playCounts]);
    expect(warnings).toHaveLength(1);
  });
});

describe("the streaming calls refuse", () => {
  const [batch, second] = codedPlays(20, 10).batches;

  test.each([
    [
      "a code outside the dictionary",
      { songs: { added: [], codes: filled(9) } },
      1,
      "songs.codes[0]",
    ],
    ["a column of the wrong length", { artists: { added: [], codes: filled(0, 7) } }, 1, "artists"],
    ["a missing column", { artists: undefined }, 1, "artists"],
    ["a row number beyond 2^53", { firstRow: 2n ** 60n }, 1, "first_row"],
    ["more rows than any batch has", { rows: 2 ** 25 }, 1, "rows"],
  ])("%s, with the batch and the row", async (_, broken, at, field) => {
    const client = await startClient();
    const error = await refusal(
      client.aggregatePlays(
        requestsOf([
          { ...batch, songs: { added: ["s"], codes: filled(0) } },
          { ...second, ...broken },
        ]),
      ),
    );
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain(`[REQUEST_INVALID] Batch ${at}`);
    expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field).toContain(field);
  });

  test.each([-1, 2_073_601])("a play of %i seconds, with the batch and the row", async (bad) => {
    const client = await startClient();
    const seconds = new Int32Array(10).fill(1);
    seconds[4] = bad;
    const error = await refusal(
      client.analyzeUserBatches(
        requestsOf([{ ...batch, seconds: new Uint8Array(seconds.buffer) }]),
      ),
    );
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain("Batch 0, row 4");
  });
});

describe("a message that is too large", () => {
  test("is refused within a stream too, and told to come in parts", async () => {
    const { addresses, calls } = await startTestServer({ messageBytesMax: 1_000 });
    const client = clientOf(AnalyticsStreamService, addresses[0]);
    const error = await refusal(
      client.aggregatePlays(requestsOf(codedPlays(2_000, 1_000).batches)),
    );
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.rawMessage).toContain("[PAYLOAD_TOO_LARGE]");
    expect(error.rawMessage).toContain("send smaller batches");
    expect(calls).toEqual([
      "segue.analytics.v1.AnalyticsStreamService/AggregatePlays ResourceExhausted",
    ]);
  });
});

describe("a streaming call", () => {
  test("ends at its deadline, even when its caller stalls and does not cancel", async () => {
    const { addresses } = await startTestServer();
    const session = connect(`http://${addresses[0]}`);
    onTestFinished(() => session.destroy());
    const path = `/${AnalyticsStreamService.typeName}/AggregatePlays`;
    const call = startCall(session, path, { "grpc-timeout": "50m" });
    expect((await statusOf(call)).code).toBe(Code.DeadlineExceeded);
  });

  test("that comes while 64 others are under way is refused", async () => {
    const { addresses, calls } = await startTestServer();
    const client = clientOf(AnalyticsStreamService, addresses[0]);
    const gate = Promise.withResolvers<void>();
    const others = Array.from({ length: 64 }, () => {
      const users = { keys: ["A - 1"], counts: [1n], users: ["U1"], topArtists: ["B"] };
      const answers = client.recommendBatches(
        (async function* () {
          yield users;
          await gate.promise;
        })(),
      );
      return answers[Symbol.asyncIterator]();
    });
    for (const other of others) expect((await other.next()).value).toMatchObject({ users: ["U1"] });
    const error = await refusal(client.aggregatePlays(requestsOf([])));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(error.rawMessage).toContain("[OVERLOADED]");
    expect(calls).toEqual([
      "segue.analytics.v1.AnalyticsStreamService/AggregatePlays ResourceExhausted",
    ]);
    gate.resolve();
    for (const other of others) expect((await other.next()).done).toBe(false);
  });

  test("that sends nothing gives way when there is no room for another", async () => {
    const { addresses, calls } = await startTestServer({ idleMs: 0 });
    const client = clientOf(AnalyticsStreamService, addresses[0]);
    const gate = Promise.withResolvers<void>();
    const silent = async function* () {
      await gate.promise;
      yield* requestsOf([]);
    };
    const ends = Array.from({ length: 64 }, () =>
      collected(client.aggregatePlays(silent())).then(
        () => "answered",
        (thrown: unknown) => ConnectError.from(thrown).rawMessage,
      ),
    );
    // It comes again until the others are all under way.
    const hasGivenWay = async () => {
      expect(await collected(client.aggregatePlays(requestsOf([])))).toHaveLength(1);
      return calls.some((call) => call.endsWith("ResourceExhausted"));
    };
    await vi.waitUntil(hasGivenWay, { timeout: 20_000 });
    gate.resolve();
    const told = await Promise.all(ends);
    const gaveWay = told.filter((text) => text !== "answered");
    expect(gaveWay).toHaveLength(1);
    expect(gaveWay[0]).toMatch(/^\[OVERLOADED\] Nothing came for this call for 0 s, and 64 were/);
  });

  test("of one message, of which only the half comes, gives way too", async () => {
    const { addresses, calls } = await startTestServer({ idleMs: 0 });
    const session = connect(`http://${addresses[0]}`);
    onTestFinished(() => session.destroy());
    const path = `/${GenreAnalysisService.typeName}/AnalyzeGenres`;
    const statuses = Array.from({ length: 64 }, () => {
      const call = startCall(session, path);
      call.write(Buffer.from([0, 0, 0, 0, 9, 1]));
      return statusOf(call);
    });
    const client = clientOf(AnalyticsStreamService, addresses[0]);
    const ended = Promise.race(statuses);
    const hasGivenWay = async () => {
      await collected(client.aggregatePlays(requestsOf([])));
      return calls.includes(`${path.slice(1)} ResourceExhausted`);
    };
    await vi.waitUntil(hasGivenWay, { timeout: 20_000 });
    expect((await ended).code).toBe(Code.ResourceExhausted);
    for (const status of statuses) status.catch(() => {});
  });

  test("that its caller cancels leaves the server free for others", async () => {
    const { addresses, errors, calls } = await startTestServer();
    const client = clientOf(AnalyticsStreamService, addresses[0]);
    for (let call = 0; call < 100; call++) {
      const abort = new AbortController();
      const answers = client.aggregatePlays(
        (async function* () {
          yield { plays: codedPlays(10, 10).batches[0] };
          abort.abort();
          await Promise.withResolvers<void>().promise;
        })(),
        { signal: abort.signal },
      );
      expect((await refusal(answers)).code).toBe(Code.Canceled);
    }
    expect(await collected(client.aggregatePlays(requestsOf([])))).toHaveLength(1);
    expect(errors).toEqual([]);
    // Those that end in the very turns in which their caller leaves may have been answered.
    const cancelled = calls.filter((call) => call.endsWith("Canceled"));
    expect(cancelled.length).toBeGreaterThan(50);
  });
});

async function countsFrom(address: string | undefined, batches: readonly Batch[]) {
  const client = clientOf(AnalyticsStreamService, address);
  const answers = await collected(client.aggregatePlays(requestsOf(batches)));
  return answers.flatMap(({ keys, counts }) =>
    keys.map((key, entry) => [key, Number(counts[entry])] as const),
  );
}

async function* noRequests(): AsyncGenerator<never> {}

function littleEndian(values: readonly number[], width: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(values.length * width);
  for (const [at, value] of values.entries()) bytes.writeUIntLE(value, at * width, width);
  return new Uint8Array(bytes);
}

function filled(code: number, rows = 10): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint32Array(rows).fill(code).buffer);
}

function refusal(answers: AsyncIterable<unknown>): Promise<ConnectError> {
  return collected(answers).then(
    () => {
      throw new Error("The call was answered");
    },
    (error: unknown) => ConnectError.from(error),
  );
}
