/** Puts a cluster under steady load, does something to it, and judges every request. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@segue/store";
import {
  type AnsweredSong,
  checkOutcomes,
  type FaultSummary,
  type Finding,
  type Outcome,
  type Question,
  type SeededRandom,
  seededRandom,
  startLoad,
  summarizeFault,
} from "@segue/testkit";
import { answerAll, pickQuestions } from "./questions.ts";
import { readStoredAnswers } from "./stored-answers.ts";

export interface FaultRunOptions {
  readonly address: string;
  readonly store: Store;
  readonly requestsPerSecond: number;
  /** Where the summaries of all faults are written. */
  readonly resultFile: string;
}

export interface FaultCase {
  readonly name: string;
  /** Makes the fault, lets it act, heals it; resolves when everything serves again. */
  readonly act: () => Promise<void>;
  /** True where a whole stage was away on purpose when this was sent. */
  readonly mayBeDegraded?: (outcome: Outcome) => boolean;
  /** True where the API server that answered died right behind it. */
  readonly mayLackReceipt?: (outcome: Outcome, faultAtMs: number) => boolean;
}

export interface FaultReport {
  readonly summary: FaultSummary;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
}

const SEED = 20_261_122;
const QUESTION_COUNT = 80;
export const DEADLINE_MS = 6_000;
/** The client gives up well behind the deadline, to tell a late answer from none. */
const CLIENT_TIMEOUT_MS = DEADLINE_MS + 4_000;
const QUIET_MS = 3_000;
const SETTLING_MS = 1_500;

export class FaultRun {
  readonly #options: FaultRunOptions;
  readonly #random: SeededRandom;
  readonly #questions: readonly Question[];
  readonly #expected: readonly (readonly AnsweredSong[])[];
  readonly #summaries: FaultSummary[] = [];

  /** Asks every question once of the quiet cluster. */
  static async open(options: FaultRunOptions): Promise<FaultRun> {
    const random = seededRandom(SEED);
    const questions = await pickQuestions(options.address, random, QUESTION_COUNT);
    const expected = await answerAll(options.address, questions);
    return new FaultRun(options, random, questions, expected);
  }

  private constructor(
    options: FaultRunOptions,
    random: SeededRandom,
    questions: readonly Question[],
    expected: readonly (readonly AnsweredSong[])[],
  ) {
    this.#options = options;
    this.#random = random;
    this.#questions = questions;
    this.#expected = expected;
  }

  get questions(): readonly Question[] {
    return this.#questions;
  }

  get requests(): number {
    return this.#summaries.reduce((sum, { requests }) => sum + requests, 0);
  }

  async under({ name, act, mayBeDegraded, mayLackReceipt }: FaultCase): Promise<FaultReport> {
    const { address, requestsPerSecond, store } = this.#options;
    const load = startLoad({
      address: () => address,
      questions: this.#questions,
      requestsPerSecond,
      random: this.#random,
      timeoutMs: CLIENT_TIMEOUT_MS,
    });
    const beforeFromMs = performance.now();
    await pause(QUIET_MS);
    const faultAtMs = performance.now();
    try {
      await act();
      await pause(SETTLING_MS);
    } finally {
      await load.stop();
    }
    const window = { name, beforeFromMs, faultAtMs, endMs: performance.now() };
    const { outcomes } = load;
    const findings = checkOutcomes(outcomes, {
      deadlineMs: DEADLINE_MS,
      expected: this.#expected,
      stored: await readStoredAnswers(store, outcomes),
      ...(mayBeDegraded === undefined ? {} : { mayBeDegraded }),
      mayLackReceipt: (outcome) => mayLackReceipt?.(outcome, faultAtMs) === true,
    });
    const summary = summarizeFault(window, outcomes, findings);
    this.#record(summary);
    return { summary, findings, outcomes };
  }

  #record(summary: FaultSummary): void {
    this.#summaries.push(summary);
    const { resultFile, requestsPerSecond } = this.#options;
    mkdirSync(dirname(resultFile), { recursive: true });
    const result = { requestsPerSecond, requests: this.requests, faults: this.#summaries };
    writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(`${toldSummary(summary)}\n`);
  }
}

function toldSummary(summary: FaultSummary): string {
  const { fault, requests, found, before, during, retried, degraded } = summary;
  const bad = Object.entries(found).filter(([, count]) => count > 0);
  const wrongs = bad.map(([kind, count]) => `${count} ${kind}`).join(", ") || "0 failed or wrong";
  const ms = (value: number) => value.toFixed(0);
  return (
    `${fault}: ${requests} requests, ${wrongs}, ${degraded} degraded, ${retried} retried; ` +
    `p50 ${ms(before.latencyMsP50)} -> ${ms(during.latencyMsP50)} ms, ` +
    `p99 ${ms(before.latencyMsP99)} -> ${ms(during.latencyMsP99)} ms, ` +
    `recovered after ${ms(summary.recoveryMs)} ms`
  );
}
