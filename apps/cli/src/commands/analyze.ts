/** `segue analyze`: play counts, listeners, genres and trending songs of a file, by the services. */
import {
  ANALYTICS_SERVICES,
  isServiceAddress,
  parseAnalyzeConfig,
  type ServiceAddresses,
} from "@segue/config";
import { AppError } from "@segue/errors";
import { Command, InvalidArgumentError } from "commander";
import { documentText } from "../analyze/document-text.ts";
import { startLocalServices } from "../analyze/local-services.ts";
import { inspectPlayFiles } from "../analyze/play-file.ts";
import { createReadingBar, SILENT_BAR } from "../analyze/reading-bar.ts";
import { renderRun } from "../analyze/render-run.ts";
import { assertWritable } from "../analyze/results-folder.ts";
import type { RunResult } from "../analyze/run-analysis.ts";
import { type RunMetrics, runMetricsOf } from "../analyze/run-metrics.ts";
import { writeOrPrint } from "../analyze/write-or-print.ts";
import { onInterrupt } from "../output/interrupt.ts";
import { printable } from "../output/printable.ts";
import { isJson, printResult } from "../output/result.ts";

interface AnalyzeFlags {
  readonly strict?: true;
  readonly server?: string;
  readonly mapreduce?: string;
  readonly userBehavior?: string;
  readonly genreAnalysis?: string;
  readonly recommendation?: string;
  readonly timeout: number;
  readonly results?: string;
  readonly keep: number;
  readonly compare?: readonly string[];
}

const HELP = `
Files are CSV (.csv, .csv.gz) or Parquet, told by content; - is standard input.
The columns user_id,song_id,artist,duration,timestamp,genre come in any order;
genre may be missing.

Without an address the services are started for the run. Addresses can be given
by MAPREDUCE_HOST and MAPREDUCE_PORT too, and so for USERBEHAVIOR,
GENRE_ANALYSIS and RECOMMENDATION; the results folder by RESULTS_DIR.

--compare takes two files of results or runs of the history: latest, previous,
or the beginning of a name.`;

export function analyzeCommand(): Command {
  return new Command("analyze")
    .description("statistics and recommendations of a file of plays, by the analytics services")
    .argument("[files...]", "CSV or Parquet with plays; - for standard input")
    .option("--strict", "refuse the run when any row is bad, instead of leaving bad rows out")
    .option("--server <host:port>", "call all four services there", parseAddress)
    .option("--mapreduce <host:port>", "MapReduceService", parseAddress)
    .option("--user-behavior <host:port>", "UserBehaviorService", parseAddress)
    .option("--genre-analysis <host:port>", "GenreAnalysisService", parseAddress)
    .option("--recommendation <host:port>", "RecommendationService", parseAddress)
    .option("--timeout <seconds>", "how long a call may take", parseSeconds, 600)
    .option(
      "--results <folder>",
      "where run_grpc_metrics.json is written (default: results)",
      parseFolder,
    )
    .option("--keep <runs>", "how many runs the history keeps", parseRuns, 20)
    .option("--compare <runs...>", "compare two runs instead of making one")
    .addHelpText("after", HELP)
    .action(async (paths: string[], flags: AnalyzeFlags, command: Command) => {
      const config = parseAnalyzeConfig();
      const resultsDir = flags.results ?? config.resultsDir;
      if (flags.compare !== undefined) {
        await compare([...flags.compare, ...paths], resultsDir, command);
        return;
      }
      assertWritable(resultsDir);
      const result = await analyze(paths, flags, addressesFrom(flags, config.addresses), command);
      const metrics = runMetricsOf(result, paths, new Date());
      const tables = renderRun(metrics);
      const { file } = writeOrPrint(resultsDir, metrics, flags.keep, () =>
        print(command, metrics, tables),
      );
      print(command, metrics, `${tables}\n\nWrote ${printable(file)}.`);
    });
}

function print(command: Command, metrics: RunMetrics, text: string): void {
  if (!isJson(command)) console.log(text);
  else for (const piece of documentText(metrics)) process.stdout.write(piece);
}

async function compare(
  names: readonly string[],
  resultsDir: string,
  command: Command,
): Promise<void> {
  const [before, after] = names;
  if (before === undefined || after === undefined || names.length > 2) {
    throw new AppError("REQUEST_INVALID", "Give --compare two runs, such as previous latest.");
  }
  const { compareRuns, readRun } = await import("../analyze/compare-runs.ts");
  const { renderComparison } = await import("../analyze/render-comparison.ts");
  const comparison = compareRuns(readRun(before, resultsDir), readRun(after, resultsDir));
  printResult(command, comparison, renderComparison(comparison));
}

async function analyze(
  paths: readonly string[],
  flags: AnalyzeFlags,
  addresses: ServiceAddresses | undefined,
  command: Command,
): Promise<RunResult> {
  if (paths.length === 0) {
    throw new AppError("REQUEST_INVALID", "Name a file with plays, or - for standard input.");
  }
  const files = await inspectPlayFiles(paths);
  const interrupt = onInterrupt();
  const starting = addresses === undefined ? startLocalServices() : { addresses, ...FOREIGN };
  // Both threads take a while to load the client and the server; so they do it side by side.
  const loading = Promise.all([
    import("../analyze/analytics-service.ts"),
    import("../analyze/run-analysis.ts"),
  ]);
  const [reached, [{ connectServices, disconnectServices }, { runAnalysis }]] = await Promise.all([
    starting,
    loading,
  ]);
  const services = connectServices(reached.addresses);
  const progress = isJson(command) ? SILENT_BAR : createReadingBar();
  try {
    const result = await runAnalysis(files, services, {
      stdin: process.stdin,
      onProgress: progress.update,
      signal: interrupt.signal,
      timeoutMs: flags.timeout * 1000,
      isStrict: flags.strict === true,
      canStream: addresses === undefined,
      askMs: ASK_MS,
      // Services of this process do not come back.
      returnMs: addresses === undefined ? 0 : RETURN_MS,
      onRunAgain: progress.again,
    });
    progress.done(result);
    return result;
  } catch (thrown) {
    if (!interrupt.signal.aborted) throw thrown;
    throw new AppError("CANCELLED", "Interrupted; no results were written.", { cause: thrown });
  } finally {
    interrupt.stop();
    progress.clear();
    disconnectServices(services);
    await reached.close();
  }
}

/** Undefined when neither an option nor a variable names a service. */
function addressesFrom(
  { server, mapreduce, userBehavior, genreAnalysis, recommendation }: AnalyzeFlags,
  configured: ServiceAddresses | undefined,
): ServiceAddresses | undefined {
  const given = [server, mapreduce, userBehavior, genreAnalysis, recommendation];
  if (given.every((address) => address === undefined)) return configured;
  const usual = (name: keyof ServiceAddresses) =>
    server ?? configured?.[name] ?? `127.0.0.1:${ANALYTICS_SERVICES[name].port}`;
  return {
    mapReduce: mapreduce ?? usual("mapReduce"),
    userBehavior: userBehavior ?? usual("userBehavior"),
    genreAnalysis: genreAnalysis ?? usual("genreAnalysis"),
    recommendation: recommendation ?? usual("recommendation"),
  };
}

const ASK_MS = 10_000;
const RETURN_MS = 15_000;

/** Services that somebody else started are not ours to end. */
const FOREIGN = { async close() {} };

function parseAddress(text: string): string {
  if (!isServiceAddress(text)) {
    throw new InvalidArgumentError("It must be host:port, such as 127.0.0.1:50051.");
  }
  return text;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new InvalidArgumentError("It must be a number of seconds up to 86400.");
  }
  return seconds;
}

function parseFolder(text: string): string {
  if (text === "") throw new InvalidArgumentError("It must be a folder, such as results.");
  return text;
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return runs;
}
