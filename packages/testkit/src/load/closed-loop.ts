/** How much the product gets done: each asker asks again as soon as it was answered. */
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "./ask.ts";
import type { Outcome, Question } from "./outcome.ts";

export interface ClosedLoopOptions {
  readonly address: string;
  readonly questions: readonly Question[];
  readonly inFlight: number;
  /** Questions before that do not count. */
  readonly warmUpMs: number;
  readonly countedMs: number;
  readonly timeoutMs: number;
}

export interface Throughput {
  /** Full answers alone count. */
  readonly answersPerSecond: number;
  /** Everything that was asked, also while warming up. */
  readonly outcomes: readonly Outcome[];
}

export async function measureThroughput(options: ClosedLoopOptions): Promise<Throughput> {
  const { address, questions, inFlight, warmUpMs, countedMs, timeoutMs } = options;
  const outcomes: Outcome[] = [];
  const end = new AbortController();
  let counted = 0;
  let isCounting = false;
  let asked = 0;
  const askOn = async () => {
    while (!end.signal.aborted) {
      const question = asked % questions.length;
      asked += 1;
      const songs = questions[question];
      if (songs === undefined) throw new Error("There is no question to ask");
      const outcome = { question, ...(await ask(songs, { address, timeoutMs })) };
      outcomes.push(outcome);
      if (isCounting && outcome.answer?.receipt.level === "full") counted += 1;
    }
  };
  const askers = Array.from({ length: inFlight }, askOn);
  await pause(warmUpMs);
  isCounting = true;
  const startedAtMs = performance.now();
  await pause(countedMs);
  isCounting = false;
  const seconds = (performance.now() - startedAtMs) / 1_000;
  end.abort();
  await Promise.all(askers);
  return { answersPerSecond: counted / seconds, outcomes };
}
