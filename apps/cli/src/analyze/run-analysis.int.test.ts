import { readdirSync, readlinkSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import { DuckDBInstance } from "@duckdb/node-api";
import { AnalyticsStreamService } from "@segue/contracts/analytics";
import { ErrorInfoSchema } from "@segue/contracts/error-details";
import { AppError } from "@segue/errors";
import { seededRandom, startFaultProxy } from "@segue/testkit";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  allAt,
  realServices,
  serverWith,
  unaryOnlyServices,
} from "../../test/analytics-stand-ins.ts";
import type { DecodedPlay } from "../../test/decoded-plays.ts";
import { naiveAnalysis } from "../../test/naive-analysis.ts";
import { connectServices, type ServiceName } from "./analytics-service.ts";
import { LineMap } from "./line-map.ts";
import { PlayBatcher } from "./play-batcher.ts";
import { fromReadError, inspectPlayFiles } from "./play-file.ts";
import { readPlays } from "./read-plays.ts";
import { type RunOptions, type RunResult, runAnalysis } from "./run-analysis.ts";
import { type RunMetrics, runMetricsOf } from "./run-metrics.ts";
import { fromAskingError, fromServiceError, isCallLost } from "./service-error.ts";

// Real: files, DuckDB, the four services over gRPC. Stand-ins are named where they serve.

const HEADER = "user_id,song_id,artist,duration,timestamp,genre";

const OPTIONS: RunOptions = {
  stdin: Readable.from([]),
  onProgress: () => {},
  signal: new AbortController().signal,
  timeoutMs: 60_000,
  isStrict: false,
  canStream: true,
  askMs: 10_000,
  returnMs: 0,
  onRunAgain: () => {},
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "segue-analyze-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function run(
  paths: readonly string[],
  address: string,
  options: Partial<RunOptions> = {},
): Promise<RunResult> {
  const services = connectServices(allAt(address));
  return runAnalysis(await inspectPlayFiles(paths), services, { ...OPTIONS, ...options });
}

async function errorOf(running: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AppError);
  return thrown as AppError;
}

function answersOf(result: RunResult): Partial<RunMetrics> {
  const { timestamp, workflow, performance, input, ...answers } = runMetricsOf(
    result,
    ["plays"],
    new Date(0),
  );
  expect([timestamp, workflow, performance, input]).not.toContain(undefined);
  return answers;
}

/** Few values of each kind, so that there are ties; some need quotes, some are empty. */
function generatedPlays(count: number, seed: number, variety: number): DecodedPlay[] {
  const random = seededRandom(seed);
  const pick = () => random.between(0, random.between(1, variety));
  return Array.from({ length: count }, () => {
    const song = pick();
    const artist = song % Math.ceil(variety / 3);
    return {
      user: `user ${pick()}`,
      song: `${song}`,
      artist: artist === 0 ? "" : artist === 1 ? 'Sam, the "Q" - Kid' : `Artistin ${artist} ü`,
      genre: ["", "Pop", "Rock", "2010"][artist % 4] ?? "",
      seconds: random.between(0, 600),
    };
  });
}

function csvOf(plays: readonly DecodedPlay[], end = "\n"): string {
  const quoted = (value: string) =>
    /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const lines = plays.map(({ user, song, artist, genre, seconds }) =>
    [user, song, artist, String(seconds), "2025-01-01T00:00:00Z", genre].map(quoted).join(","),
  );
  return `${[HEADER, ...lines].join(end)}${end}`;
}

async function parquetOf(csv: string, select = "*"): Promise<string> {
  const source = await fileOf("source.csv", csv);
  const path = join(folder, "plays.parquet");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT ${select} FROM read_csv('${source}', all_varchar = true)) TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  return path;
}

describe("analysis", () => {
  it("finds in the sample what a plain computation finds", async () => {
    const sample = new URL("../../../../test/samples/plays.csv", import.meta.url);
    const result = await run([sample.pathname], await realServices());
    const lines = (await readFile(sample, "utf8")).trimEnd().split("\n").slice(1);
    const plays = lines.map((line): DecodedPlay => {
      const [, user = "", song = "", artist = "", seconds, genre = ""] =
        /^([^,]*),([^,]*),("(?:[^"]|"")*"|[^,]*),(\d+),[^,]*,(.*)$/.exec(line) ?? [];
      const name = artist.replace(/^"(.*)"$/, "$1").replaceAll('""', '"');
      return { user, song, artist: name, genre, seconds: Number(seconds) };
    });
    expect(result.playCount).toBe(200);
    expect(answersOf(result)).toEqual(naiveAnalysis(plays));
    expect(answersOf(result)).toMatchObject({
      userbehavior_results: { num_users: 8 },
      recommendation_results: { num_trending: 5 },
    });
  });

  it.each([
    ["few values and many ties", 2_000, 12],
    ["more plays, users and songs than one message holds", 120_000, 60_000],
  ])("agrees with a plain computation over %s", async (_, count, variety) => {
    const plays = generatedPlays(count, count, variety);
    const result = await run([await fileOf("plays.csv", csvOf(plays))], await realServices());
    expect(result.playCount).toBe(count);
    expect(answersOf(result)).toEqual(naiveAnalysis(plays));
  });

  it("gives the same answers for every way in which plays come", async () => {
    const address = await realServices();
    const plays = generatedPlays(3_000, 7, 40);
    const expected = naiveAnalysis(plays);
    const csv = csvOf(plays);
    const marked = await fileOf("marked.csv", `\ufeff${csvOf(plays, "\r\n")}`);
    const packed = await fileOf("packed.csv.gz", gzipSync(csv));
    const misnamed = await fileOf("packed.csv", gzipSync(csv));
    const parquet = await parquetOf(csv);
    const halves = [
      await fileOf("a.csv", csvOf(plays.slice(0, 1000))),
      await fileOf("b.csv.gz", gzipSync(csvOf(plays.slice(1000)))),
    ];
    for (const paths of [[marked], [packed], [misnamed], [parquet], halves]) {
      expect(answersOf(await run(paths, address)), paths.join()).toEqual(expected);
    }
    const bytes = Buffer.from(csv);
    const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 5000), bytes.subarray(5000)];
    const piped = await run(["-"], address, { stdin: Readable.from(pieces) });
    expect(answersOf(piped)).toEqual(expected);
    const pipedPacked = await run(["-"], address, { stdin: Readable.from([gzipSync(csv)]) });
    expect(answersOf(pipedPacked)).toEqual(expected);
  });

  it("reads a Parquet file of numbers, without genres, and leaves its bad rows out", async () => {
    const csv = `${HEADER}\nann,1,Nina,10,t,x\nben,2,,abc,t,x\nann,2,Nina,7,t,x\n`;
    const select =
      "user_id, song_id::INT AS song_id, nullif(artist, '') AS artist, duration, timestamp";
    const result = await run([await parquetOf(csv, select)], await realServices());
    const play = { user: "ann", artist: "Nina", genre: "" };
    expect(answersOf(result)).toEqual(
      naiveAnalysis([
        { ...play, song: "1", seconds: 10 },
        { ...play, song: "2", seconds: 7 },
      ]),
    );
    expect(result.badRows).toMatchObject({ count: 1, first: [{ line: 2, reason: "duration" }] });
  });

  it("counts what it leaves out, and with --strict refuses it", async () => {
    const address = await realServices();
    const path = await fileOf(
      "plays.csv",
      `${HEADER}\nann,1,Nina,10,t,x\nann,1,Nina,3.5,t,x\nann,1\n`,
    );
    const result = await run([path], address);
    expect(result.playCount).toBe(1);
    expect(result.badRows).toMatchObject({ count: 2, byReason: { duration: 1, fields: 1 } });
    const error = await errorOf(run([path], address, { isStrict: true }));
    expect(error.code).toBe("IMPORT_INVALID");
    expect(error.message).toContain(`2 bad rows, and --strict refuses them:\n  ${path} line 3`);
  });

  it("asks servers that have only the unary calls in one message each", async () => {
    const address = await unaryOnlyServices();
    const plays = generatedPlays(2_000, 3, 30);
    const path = await fileOf("plays.csv", csvOf(plays));
    const { songs, ...rest } = (await run([path], address, { canStream: false })).analysis;
    const streamed = (await run([path], await realServices())).analysis;
    expect(Object.fromEntries(songs.keys.map((key, at) => [key, songs.counts[at]]))).toEqual(
      Object.fromEntries(streamed.songs.keys.map((key, at) => [key, streamed.songs.counts[at]])),
    );
    expect(rest.users).toMatchObject(withoutTime(streamed.users));
    expect(rest.genres).toMatchObject(withoutTime(streamed.genres));
    expect(rest.artists).toMatchObject(withoutTime(streamed.artists));
    expect(rest.recommendations.trending).toHaveLength(5);
  });

  it("says what to do when plays do not fit the one message of a unary call", async () => {
    const plays = generatedPlays(120_000, 5, 1000);
    const path = await fileOf("plays.csv", csvOf(plays));
    const error = await errorOf(run([path], await unaryOnlyServices(), { canStream: false }));
    expect(error.code).toBe("PAYLOAD_TOO_LARGE");
    expect(error.message).toMatch(/Service at 127\.0\.0\.1:\d+ has only the unary calls/);
  });
});

function withoutTime<Answer extends { readonly processingSeconds: number }>(answer: Answer) {
  const { processingSeconds, ...rest } = answer;
  expect(processingSeconds).toBeGreaterThan(0);
  return rest;
}

describe("an input without a good row", () => {
  it("is refused with its first bad ones, and nothing is counted", async () => {
    const path = await fileOf("plays.csv", `${HEADER}\nann,1,Nina,200.0,t,x\nann,2,Nina,,t,x\n`);
    const error = await errorOf(run([path], await realServices()));
    expect(error.code).toBe("IMPORT_INVALID");
    expect(error.message).toMatch(/2 bad rows, and not one good one.*\n.* line 2 .*"200\.0"/);
  });
});

describe("a service that fails", () => {
  const PLAYS = `${HEADER}\nann,1,Nina,abc,t,x\nann,1,Nina,10,t,x\nben,2,Nina,11,t,x\n`;

  it("is named before a file is read, when nothing answers there", async () => {
    const path = await fileOf("plays.csv", PLAYS);
    const error = await errorOf(run([path], "127.0.0.1:9", { canStream: false }));
    expect(error.code).toBe("ANALYTICS_UNAVAILABLE");
    expect(error.message).toMatch(/^\w+Service at 127\.0\.0\.1:9: .*Start it there/);
  });

  it("is told with the line of the row that it refuses", async () => {
    const refusal = new ConnectError("Batch 0, row 1: 11 s is too long", Code.InvalidArgument);
    const address = await serverWith((router) =>
      router.service(AnalyticsStreamService, {
        // biome-ignore lint/correctness/useYield: it refuses before there is anything to answer
        async *analyzeUserBatches(requests) {
          for await (const { plays } of requests) if (plays !== undefined) throw refusal;
        },
      }),
    );
    const path = await fileOf("plays.csv", PLAYS);
    const services = connectServices({ ...allAt(await realServices()), userBehavior: address });
    const error = await errorOf(runAnalysis(await inspectPlayFiles([path]), services, OPTIONS));
    expect(error.code).toBe("REQUEST_INVALID");
    expect(error.message).toBe(
      `UserBehaviorService at ${address}, ${path} line 4: Batch 0, row 1: 11 s is too long. Correct the file and run it again.`,
    );
  });

  it.each([
    [Code.ResourceExhausted, "PAYLOAD_TOO_LARGE", "Its messages are limited"],
    [Code.OutOfRange, "REQUEST_INVALID", "count in 64 bits"],
    [Code.Internal, "ANALYTICS_UNAVAILABLE", "Look into the log"],
    [Code.Unimplemented, "ANALYTICS_UNAVAILABLE", "is not this service's"],
  ])("with gRPC status %i becomes %s", async (status, code, advice) => {
    const address = await serverWith((router) =>
      router.service(AnalyticsStreamService, {
        // biome-ignore lint/correctness/useYield: it refuses before there is anything to answer
        async *aggregatePlays() {
          throw new ConnectError("no", status);
        },
      }),
    );
    const path = await fileOf("plays.csv", PLAYS);
    const services = connectServices({ ...allAt(await realServices()), mapReduce: address });
    const error = await errorOf(runAnalysis(await inspectPlayFiles([path]), services, OPTIONS));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`MapReduceService at ${address}: no. `);
    expect(error.message).toContain(advice);
  });

  it("is told to have too much to do, by its own reason", async () => {
    const reason = { desc: ErrorInfoSchema, value: { reason: "OVERLOADED" } };
    const address = await serverWith((router) =>
      router.service(AnalyticsStreamService, {
        // biome-ignore lint/correctness/useYield: it refuses before there is anything to answer
        async *aggregatePlays() {
          throw new ConnectError("64 calls", Code.ResourceExhausted, undefined, [reason]);
        },
      }),
    );
    const path = await fileOf("plays.csv", PLAYS);
    const services = connectServices({ ...allAt(await realServices()), mapReduce: address });
    const error = await errorOf(runAnalysis(await inspectPlayFiles([path]), services, OPTIONS));
    expect([error.code, error.message]).toEqual([
      "OVERLOADED",
      expect.stringContaining("Try again when it has less to do"),
    ]);
  });

  it("is told to speak no gRPC where another server answers", async () => {
    const server = createHttpServer((_, response) => response.end("<h1>Hello</h1>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const path = await fileOf("plays.csv", PLAYS);
    const error = await errorOf(run([path], address, { canStream: false }));
    expect([error.code, error.message]).toEqual([
      "ANALYTICS_UNAVAILABLE",
      expect.stringContaining("does not speak gRPC; correct the address"),
    ]);
  });

  describe("that goes away under way", () => {
    const plays = generatedPlays(300_000, 11, 30);

    /** The real services, whose connections break when the first plays were read. */
    const startLosing = async () => {
      const port = Number((await realServices()).split(":")[1]);
      const proxy = await startFaultProxy({ host: "127.0.0.1", port });
      onTestFinished(() => proxy.close());
      return { proxy, address: `127.0.0.1:${proxy.port}` };
    };

    it("is sent the plays of a file once more", async () => {
      const { proxy, address } = await startLosing();
      const reasons: string[] = [];
      const path = await fileOf("plays.csv", csvOf(plays));
      const result = await run([path], address, {
        onProgress: () => {
          if (reasons.length === 0) proxy.set({ kind: "cut" });
        },
        onRunAgain: (reason) => {
          reasons.push(reason);
          proxy.restore();
        },
      });
      expect(reasons).toEqual([expect.stringMatching(/^\w+Service at \S+ went away under way/)]);
      expect(answersOf(result)).toEqual(naiveAnalysis(plays));
      expect(result.timesRead).toBe(2);
    });

    it("is named when the plays cannot be read twice, or when it stays away", async () => {
      const { proxy, address } = await startLosing();
      const onProgress = () => proxy.set({ kind: "cut" });
      const stdin = Readable.from([Buffer.from(csvOf(plays))]);
      const piped = await errorOf(run(["-"], address, { stdin, onProgress }));
      expect(piped.code).toBe("ANALYTICS_UNAVAILABLE");
      expect(piped.message).toMatch(/^\w+Service at .* went away under way, .*run it again/);
      proxy.restore();
      const path = await fileOf("plays.csv", csvOf(plays));
      let runsAgain = 0;
      const onRunAgain = () => {
        runsAgain += 1;
      };
      const lost = await errorOf(run([path], address, { onProgress, onRunAgain }));
      expect([lost.code, runsAgain]).toEqual(["ANALYTICS_UNAVAILABLE", 2]);
    });

    it("is waited for while it is started again", async () => {
      const { proxy, address } = await startLosing();
      let isLost = false;
      const result = await run([await fileOf("plays.csv", csvOf(plays))], address, {
        canStream: false,
        returnMs: 30_000,
        onProgress: () => {
          if (!isLost) proxy.set({ kind: "cut" });
          isLost = true;
        },
        onRunAgain: () => void setTimeout(() => proxy.restore(), 700),
      });
      expect(answersOf(result)).toEqual(naiveAnalysis(plays));
      expect(result.timesRead).toBe(2);
    });

    it("is named when it does not come back", async () => {
      const { proxy, address } = await startLosing();
      const reasons: string[] = [];
      const running = run([await fileOf("plays.csv", csvOf(plays))], address, {
        canStream: false,
        returnMs: 300,
        onProgress: () => proxy.set({ kind: "cut" }),
        onRunAgain: (reason) => reasons.push(reason),
      });
      expect((await errorOf(running)).code).toBe("ANALYTICS_UNAVAILABLE");
      expect(reasons).toHaveLength(1);
    });

    it("is not taken for a server of another kind when its connection is damaged", async () => {
      const broken = Object.assign(new Error("Protocol error"), { code: "ERR_HTTP2_ERROR" });
      const { mapReduce } = connectServices(allAt("127.0.0.1:1"));
      const thrown = new ConnectError("Protocol error", Code.Internal, undefined, [], broken);
      const error = fromServiceError(thrown, mapReduce, new LineMap());
      expect(error.message).toContain("It went away under way");
      expect(isCallLost(error)).toBe(true);
      expect(fromAskingError(thrown, mapReduce, 1000).message).toContain("does not speak gRPC");
    });
  });

  it("does not keep the client waiting beyond the time it is given", async () => {
    const address = await serverThatStalls();
    const plays = csvOf(generatedPlays(400_000, 1, 10));
    const path = await fileOf("plays.csv", plays);
    const error = await errorOf(run([path], address, { timeoutMs: 300 }));
    expect(error.code).toBe("DEADLINE_EXCEEDED");
    expect(error.message).toContain("--timeout");
  });

  it("is named when it does not say that it is there, however long its work may take", async () => {
    const path = await fileOf("plays.csv", PLAYS);
    const options = { canStream: false, askMs: 100 };
    const error = await errorOf(run([path], await serverThatStalls(), options));
    expect(error.code).toBe("DEADLINE_EXCEEDED");
    expect(error.message).toMatch(
      /^\w+Service at \S+ did not say within 0\.1 s that it is there\. Start it there, look why/,
    );
    expect(error.message).not.toContain("--timeout");
  });

  it.each<[string, ServiceName, string]>([
    ["songs", "mapReduce", "counted 0 of 2 plays"],
    ["listeners", "userBehavior", "found in 2 plays no listener"],
    ["genres", "genreAnalysis", "found in 2 plays no genre"],
    ["trending songs", "recommendation", "found in 2 plays no song that trends"],
  ])("is named when it says OK and has no %s", async (_, name, problem) => {
    const address = await serverThatSaysOk();
    const services = connectServices({ ...allAt(await realServices()), [name]: address });
    const files = await inspectPlayFiles([await fileOf("plays.csv", PLAYS)]);
    const error = await errorOf(runAnalysis(files, services, OPTIONS));
    expect(error.code).toBe("ANALYTICS_UNAVAILABLE");
    expect(error.message).toContain(`Service at ${address} ${problem}`);
  });

  it("is let go when the user interrupts", async () => {
    const interrupt = new AbortController();
    const path = await fileOf("plays.csv", PLAYS);
    const running = run([path], await serverThatStalls(), { signal: interrupt.signal });
    running.catch(() => {});
    setTimeout(() => interrupt.abort(), 100);
    await expect(running).rejects.toHaveProperty("name", "AbortError");
  });
});

/** By this process. */
function openFiles(): string[] {
  return readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
}

/** Reads every call to its end and answers with nothing. */
function serverThatSaysOk(): Promise<string> {
  // biome-ignore lint/correctness/useYield: it has nothing to say
  const say = async function* (requests: AsyncIterable<unknown>) {
    for await (const _ of requests);
  };
  return serverWith((router) =>
    router.service(AnalyticsStreamService, {
      aggregatePlays: say,
      analyzeUserBatches: say,
      analyzeGenreBatches: say,
      recommendBatches: say,
    }),
  );
}

/** Takes calls and never reads nor answers them. */
function serverThatStalls(): Promise<string> {
  const stall = (_: unknown, { signal }: { readonly signal: AbortSignal }) => ({
    async *[Symbol.asyncIterator]() {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      yield {};
    },
  });
  return serverWith((router) =>
    router.service(AnalyticsStreamService, {
      aggregatePlays: stall,
      analyzeUserBatches: stall,
      analyzeGenreBatches: stall,
      recommendBatches: stall,
    }),
  );
}

describe("an input that is not read to its end", () => {
  it.each([
    ["plays.csv", (csv: string) => csv],
    ["plays.csv.gz", gzipSync],
  ])("is closed: %s", async (name, pack) => {
    const path = await fileOf(name, pack(csvOf(generatedPlays(200_000, 1, 30))));
    const batcher = new PlayBatcher({ hasTimestamps: false });
    for await (const _ of readPlays(await inspectPlayFiles([path]), batcher, OPTIONS)) {
      expect(openFiles()).toContain(path);
      break;
    }
    // At once, or nearly: some time later the garbage collector closes what was forgotten, and says so.
    await expect.poll(openFiles, { timeout: 1_000 }).not.toContain(path);
  });
});

describe("an input that cannot be read", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["is empty", "", "is empty"],
    ["has only blank lines", "\n\n", "has no header"],
    ["has a header and nothing else", `${HEADER}\n`, "has a header and no plays"],
    ["lacks a column", "user_id,song_id,artist,timestamp\na,b,c,d\n", "lacks the column duration"],
    ["is JSON", '[{"user_id": "ann"}]', "is no CSV; JSON and XML are not read"],
    [
      "is a picture",
      Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"),
      "is no CSV but binary",
    ],
    ["is a zip archive", Buffer.from("PK\x03\x04rest"), "is a zip archive; unpack it first"],
    ["is UTF-16", Buffer.from(`\ufeff${HEADER}\n`, "utf16le"), "is text in UTF-16"],
    [
      "is gzip that breaks off",
      gzipSync(csvOf(generatedPlays(900, 1, 9))).subarray(0, 500),
      "gzip data breaks off",
    ],
    ["is gzip with no CSV in it", gzipSync(Buffer.alloc(100)), "is no CSV but binary"],
    [
      "is Parquet that breaks off",
      Buffer.from("PAR1and then nothing"),
      "cannot be read as Parquet",
    ],
  ])("is refused when it %s", async (_, content, problem) => {
    const path = await fileOf("plays.csv", content);
    const error = await errorOf(run([path], await realServices()));
    expect(error.code).toBe("IMPORT_INVALID");
    expect(error.message).toContain(`The file ${path} `);
    expect(error.message).toContain(problem);
  });

  it.each([
    ["nothing there", "missing.csv", "does not exist"],
    ["a folder", ".", "is a folder"],
    ["below a file", "file/plays.csv", "lies below a file"],
    ["a link to itself", "loop.csv", "is a link that leads back to itself"],
    ["of a name that no file can have", "a".repeat(5000), "has a longer name"],
  ])("is refused when it is %s", async (_, name, problem) => {
    await fileOf("file", "");
    await symlink("loop.csv", join(folder, "loop.csv"));
    const error = await errorOf(run([join(folder, name)], "127.0.0.1:9"));
    expect(error.code).toBe("IMPORT_INVALID");
    expect(error.message).toContain(problem);
  });

  it("is refused with what the system says of it, and no more is made of other errors", () => {
    const damaged = Object.assign(new Error("EIO: i/o error, read"), {
      code: "EIO",
      syscall: "read",
    });
    expect(fromReadError(damaged, "plays.csv")).toMatchObject({
      code: "IMPORT_INVALID",
      message: "The file plays.csv cannot be read (EIO: i/o error, read); check its disk.",
    });
    const bug = new TypeError("a bug");
    expect(fromReadError(bug, "plays.csv")).toBe(bug);
    const interrupted = new DOMException("This operation was aborted", "AbortError");
    expect(fromReadError(interrupted, "plays.csv")).toBe(interrupted);
  });

  it("is refused when it is standard input twice, or Parquet on standard input", async () => {
    expect((await errorOf(run(["-", "-"], "127.0.0.1:9"))).code).toBe("REQUEST_INVALID");
    const stdin = Readable.from([Buffer.from("PAR1 and more than sixteen bytes")]);
    const error = await errorOf(run(["-"], await realServices(), { stdin }));
    expect(error.message).toContain("save it to a file first");
  });

  it("is refused in Parquet that lacks a column", async () => {
    const path = await parquetOf(`${HEADER}\nann,1,Nina,10,t,x\n`, "user_id, song_id");
    const error = await errorOf(run([path], await realServices()));
    expect(error.message).toContain("lacks the columns artist, duration, timestamp");
  });
});
