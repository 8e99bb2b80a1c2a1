/** One run: the file is read once, and what is read goes to every service at the same time. */
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@segue/errors";
import { printable } from "../output/printable.ts";
import type { Analysis } from "./analysis.ts";
import type { AnalyticsService, AnalyticsServices, ServiceName } from "./analytics-service.ts";
import { assertAnswersWhole } from "./assert-answers-whole.ts";
import type { BadRowsFound } from "./bad-rows.ts";
import { type CallPlan, planCalls } from "./call-plan.ts";
import { PlayBatcher } from "./play-batcher.ts";
import type { PlayFile } from "./play-file.ts";
import { type ReadPlaysOptions, readPlays } from "./read-plays.ts";
import { fromServiceError, isCallLost, lossOf } from "./service-error.ts";
import type { CallOptions, PlayCall } from "./streamed-calls.ts";

export interface RunOptions extends ReadPlaysOptions {
  readonly timeoutMs: number;
  /** Whether the first bad row refuses the whole run. */
  readonly isStrict: boolean;
  /** Whether every service is known to have the streaming calls. */
  readonly canStream: boolean;
  /** How long a service may take to say that it is there, however long its work may take. */
  readonly askMs: number;
  /** How long one that went away under way may take to be there again. */
  readonly returnMs: number;
  /** Told why the files are read once more, before that service is there again. */
  readonly onRunAgain: (reason: string) => void;
}

/** As often as a balancer may lose the process of a call while its processes are restarted. */
const RUNS_MAX = 3;

const RETURN_ASKED_EVERY_MS = 250;

export interface RunTimes {
  /** Until the last play was read and taken; sending goes on meanwhile. */
  readonly readSeconds: number;
  /** From the first call to the last, the time of this client's clock. */
  readonly totalSeconds: number;
  /** From the start of a call to its answer; the first three overlap each other and the reading. */
  readonly roundTripSeconds: Readonly<Record<ServiceName, number>>;
}

export interface RunResult {
  readonly analysis: Analysis;
  readonly playCount: number;
  readonly badRows: BadRowsFound;
  /** How often the files were read: once more for each service that went away under way. */
  readonly timesRead: number;
  readonly times: RunTimes;
}

/**
 * A service that goes away under way loses what it counted: the files are then read again, for
 * whoever answers at its address. Throws IMPORT_INVALID for the input, and for a service what names it.
 */
export async function runAnalysis(
  files: readonly PlayFile[],
  services: AnalyticsServices,
  options: RunOptions,
): Promise<RunResult> {
  const startedAt = performance.now();
  let plan = await askForPlan(services, options);
  const canReadAgain = files.every(({ bytesTotal }) => bytesTotal !== undefined);
  for (let runs = 1; ; runs += 1) {
    try {
      const result = await withSignal(options, (call) =>
        runCalls(files, services, plan, { ...options, ...call }, startedAt),
      );
      return { ...result, timesRead: runs };
    } catch (thrown) {
      if (!canReadAgain || runs >= RUNS_MAX || !isCallLost(thrown)) throw thrown;
      options.onRunAgain(lossOf(thrown));
      plan = await planWhenBack(services, options);
    }
  }
}

function askForPlan(services: AnalyticsServices, options: RunOptions): Promise<CallPlan> {
  const asking = { ...options, timeoutMs: Math.min(options.timeoutMs, options.askMs) };
  return withSignal(asking, (call) => planCalls(services, call, options.canStream));
}

/** A balancer has another server at once; one alone takes a while to be started again. */
async function planWhenBack(services: AnalyticsServices, options: RunOptions): Promise<CallPlan> {
  const giveUpAt = performance.now() + options.returnMs;
  for (;;) {
    try {
      return await askForPlan(services, options);
    } catch (thrown) {
      if (!isCallLost(thrown) || performance.now() >= giveUpAt) throw thrown;
    }
    await pause(RETURN_ASKED_EVERY_MS, undefined, { signal: options.signal });
  }
}

/** Whatever is still under way when the work has ended has nobody who waits for it. */
async function withSignal<Result>(
  { signal, timeoutMs }: RunOptions,
  work: (options: CallOptions) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  try {
    return await work({ signal: AbortSignal.any([signal, abort.signal]), timeoutMs });
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown;
  } finally {
    abort.abort();
  }
}

async function runCalls(
  files: readonly PlayFile[],
  services: AnalyticsServices,
  plan: CallPlan,
  options: RunOptions & CallOptions,
  startedAt: number,
): Promise<Omit<RunResult, "timesRead">> {
  const batcher = new PlayBatcher({ hasTimestamps: plan.needsTimestamps });
  const timed = <Answer>(service: AnalyticsService, call: PlayCall<Answer>) =>
    timedCall(service, call, batcher, performance.now());
  const songs = timed(services.mapReduce, plan.songCounts(options));
  const users = timed(services.userBehavior, plan.userFigures(options));
  const genres = timed(services.genreAnalysis, plan.ranking("genres", options));
  const artists = timed(services.genreAnalysis, plan.ranking("artists", options));
  const calls = [songs, users, genres, artists];
  const failed = Promise.race(calls.map(({ failure }) => failure));
  failed.catch(() => {});
  for await (const plays of readPlays(files, batcher, options)) {
    await Promise.race([Promise.all(calls.map(({ send }) => send(plays))), failed]);
  }
  const readSeconds = secondsSince(startedAt);
  const badRows = batcher.badRows.found;
  if (options.isStrict && badRows.count > 0) throw badRowsError(badRows, STRICT);
  if (batcher.rowsTotal === 0) throw badRowsError(badRows, NO_GOOD_ROW);
  for (const { end } of calls) end();
  const [songAnswer, userAnswer] = await Promise.all([songs.answer, users.answer]);
  const recommendStartedAt = performance.now();
  const recommending = plan
    .recommendations(songAnswer.value, userAnswer.value, options)
    .catch((thrown: unknown) => {
      throw fromServiceError(thrown, services.recommendation, batcher.lines);
    });
  const [recommendations, genreAnswer, artistAnswer] = await Promise.all([
    recommending.then((value) => ({ value, seconds: secondsSince(recommendStartedAt) })),
    genres.answer,
    artists.answer,
  ]);
  const analysis = {
    songs: songAnswer.value,
    users: userAnswer.value,
    genres: genreAnswer.value,
    artists: artistAnswer.value,
    recommendations: recommendations.value,
  };
  assertAnswersWhole(analysis, batcher.rowsTotal, services);
  return {
    analysis,
    playCount: batcher.rowsTotal,
    badRows,
    times: {
      readSeconds,
      totalSeconds: secondsSince(startedAt),
      roundTripSeconds: {
        mapReduce: songAnswer.seconds,
        userBehavior: userAnswer.seconds,
        genreAnalysis: genreAnswer.seconds,
        recommendation: recommendations.seconds,
      },
    },
  };
}

interface TimedCall<Answer> extends Omit<PlayCall<Answer>, "answer"> {
  readonly answer: Promise<{ readonly value: Answer; readonly seconds: number }>;
  /** Never resolves; rejects when the call fails. */
  readonly failure: Promise<never>;
}

function timedCall<Answer>(
  service: AnalyticsService,
  { send, end, answer: awaited }: PlayCall<Answer>,
  { lines }: PlayBatcher,
  startedAt: number,
): TimedCall<Answer> {
  const answer = awaited.then(
    (value) => ({ value, seconds: secondsSince(startedAt) }),
    (thrown: unknown) => {
      throw fromServiceError(thrown, service, lines);
    },
  );
  const failure = new Promise<never>((_, reject) => {
    answer.catch(reject);
  });
  failure.catch(() => {});
  return { send, end, answer, failure };
}

const STRICT = {
  problem: "and --strict refuses them",
  advice: "Correct them, or leave --strict away to leave them out.",
};
const NO_GOOD_ROW = {
  problem: "and not one good one; nothing was counted",
  advice: "Correct the file: is the column of durations in whole seconds, and the text in UTF-8?",
};

function badRowsError(
  badRows: BadRowsFound,
  { problem, advice }: { readonly problem: string; readonly advice: string },
): AppError {
  const lines = badRows.first.map(({ file, line, text }) =>
    printable(`  ${file} line ${line} ${text}`),
  );
  const more = badRows.count - badRows.first.length;
  return new AppError(
    "IMPORT_INVALID",
    `${badRows.count} bad row${badRows.count === 1 ? "" : "s"}, ${problem}:\n` +
      `${lines.join("\n")}${more > 0 ? `\n  and ${more} more` : ""}\n${advice}`,
    { details: { badRows: { ...badRows } } },
  );
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
