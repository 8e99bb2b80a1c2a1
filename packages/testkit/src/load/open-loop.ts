/**
 * Steady load: requests leave at a fixed rate, whether or not earlier ones were answered, so that
 * a pause of the product shows in the latencies instead of slowing the questions.
 */
import { randomUUID } from "node:crypto";
import type { SeededRandom } from "../seeded-random.ts";
import { ask } from "./ask.ts";
import type { Outcome, Question } from "./outcome.ts";

export interface LoadOptions {
  /** Read before each request. */
  readonly address: () => string;
  readonly questions: readonly Question[];
  readonly requestsPerSecond: number;
  readonly random: SeededRandom;
  /** The client gives up after that. */
  readonly timeoutMs: number;
}

export interface RunningLoad {
  /** Everything answered so far, in the order of the answers. */
  readonly outcomes: readonly Outcome[];
  /** Sends nothing more and resolves when everything sent was answered or given up. */
  stop(): Promise<readonly Outcome[]>;
}

export function startLoad(options: LoadOptions): RunningLoad {
  const intervalMs = 1_000 / options.requestsPerSecond;
  const outcomes: Outcome[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAtMs = performance.now();
  let sent = 0;
  const send = () => {
    const sending = sendOne(options, sent).then((outcome) => {
      outcomes.push(outcome);
      underWay.delete(sending);
    });
    underWay.add(sending);
    sent += 1;
  };
  const timer = setInterval(
    () => {
      while (performance.now() - startedAtMs >= sent * intervalMs) send();
    },
    Math.min(5, intervalMs),
  );
  return {
    outcomes,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      return outcomes;
    },
  };
}

/** Half of the requests bring their own id, the others leave it to the balancer. */
async function sendOne(options: LoadOptions, count: number): Promise<Outcome> {
  const { questions, random, timeoutMs } = options;
  const index = random.between(0, questions.length - 1);
  const question = questions[index];
  if (question === undefined) throw new Error("There is no question to ask");
  const own = count % 2 === 0 ? { requestId: randomUUID() } : {};
  const asked = await ask(question, { address: options.address(), timeoutMs, ...own });
  return {
    question: index,
    ...(own.requestId === undefined ? {} : { sentId: own.requestId }),
    ...asked,
  };
}
