/**
 * The test command: prepares what the tests need, runs every suite side by side and sums up.
 *   npm test                    everything
 *   npm test -- unit e2e        only these suites
 *   npm run test:faults         the fault suite in its long form
 * The last line counts: "812 passed, 0 failed".
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { findChromium } from "./chromium.ts";

/**
 * Suites that run at the same time share one vitest process, so that its workers fill the cores.
 * The others have a phase of their own: services because brokers want a core, faults because they
 * measure, e2e because Chromium and the product need the machine to answer in time.
 */
const PHASES: readonly (readonly string[])[] = [
  ["unit", "simulation", "integration", "spanning"],
  ["services"],
  ["faults"],
  ["e2e"],
];

/** Addresses of running services, which the products that other suites start would use too. */
const SERVICE_VARIABLES = ["SEGUE_KAFKA_BROKERS", "SEGUE_DATABASE_URL"];

/** How much of a failure is said again at the end; all of it stands where it happened. */
const FAILURE_LINES = 12;

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly status: string;
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages: readonly string[] | null;
  }[];
}

interface Sum {
  passed: number;
  failed: number;
  /** What failed and how, a line or a few each. */
  failures: string[];
}

async function runPhase(suites: readonly string[], folder: string): Promise<Sum> {
  const reportFile = join(folder, `${suites.join("-")}.json`);
  const args = [
    "run",
    ...suites.flatMap((suite) => ["--project", suite]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
  ];
  const status = await new Promise<number>((resolve, reject) => {
    const child = spawn("vitest", args, { stdio: "inherit", env: environmentFor(suites) });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
  return sumOf(reportFile, status);
}

function environmentFor(suites: readonly string[]): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  if (!suites.includes("services")) {
    for (const name of SERVICE_VARIABLES) delete environment[name];
  }
  if (isLong) environment["FAULT_RUN"] = "long";
  return environment;
}

/** A skipped test counts as failed, and so does a file that could not be loaded. */
function sumOf(reportFile: string, status: number): Sum {
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  const notRun = report.numPendingTests + report.numTodoTests;
  const brokenFiles = report.testResults.filter(({ status }) => status === "failed").length;
  const failed = Math.max(report.numFailedTests, brokenFiles) + notRun;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    failures: report.testResults.flatMap(failuresOf),
  };
}

function failuresOf({ status, name, message, assertionResults }: FileReport): readonly string[] {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((result) => result.status === "failed");
  if (status === "failed" && failed.length === 0) return [`${file}: ${firstLines(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) =>
      `${file}: ${fullName}\n  ${firstLines(failureMessages?.join("\n") ?? "")}`,
  );
}

function firstLines(message: string): string {
  return message.split("\n").slice(0, FAILURE_LINES).join("\n  ");
}

const isLong = process.argv.includes("--long");
const asked = process.argv.slice(2).filter((argument) => argument !== "--long");
const known = PHASES.flat();
const unknown = asked.filter((suite) => !known.includes(suite));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(", ")}; the suites are ${known.join(", ")}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "segue-test-"));
const total: Sum = { passed: 0, failed: 0, failures: [] };
const startedAt = performance.now();
try {
  for (const phase of PHASES) {
    const suites = asked.length === 0 ? phase : phase.filter((suite) => asked.includes(suite));
    if (suites.length === 0) continue;
    if (suites.includes("e2e")) findChromium();
    const sum = await runPhase(suites, folder);
    total.passed += sum.passed;
    total.failed += sum.failed;
    total.failures.push(...sum.failures);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of total.failures) console.log(`failed: ${failure}`);
console.log(`took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
