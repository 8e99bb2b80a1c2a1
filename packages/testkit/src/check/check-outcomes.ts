/** Judges what clients got under faults: each request answered once, in time, rightly and truthfully. */
import type { Answer, AnsweredSong, Outcome, ReceiptFacts } from "../load/outcome.ts";
import { differenceBetween } from "./same-songs.ts";

export type Fault =
  /** No answer, or one that is not 200. */
  | "failed"
  | "late"
  /** Not the songs of the unfaulted answer, or another request's answer. */
  | "wrong"
  /** One request id with two outcomes. */
  | "duplicate"
  /** A level that is not full where nothing justifies it, or one without its reason. */
  | "mislabelled"
  /** No stored receipt, or another than the client got. */
  | "receipt";

export interface Finding {
  readonly fault: Fault;
  readonly requestId: string;
  readonly sentAtMs: number;
  readonly detail: string;
}

export interface StoredAnswer {
  readonly songs: readonly AnsweredSong[];
  readonly receipt: ReceiptFacts;
}

export interface CheckOptions {
  readonly deadlineMs: number;
  /** The unfaulted answer of each question. */
  readonly expected: readonly (readonly AnsweredSong[])[];
  /** True where a whole stage was away on purpose when this was sent. */
  readonly mayBeDegraded?: (outcome: Outcome) => boolean;
  /** What is stored under each request id; absent: receipts are not checked. */
  readonly stored?: ReadonlyMap<string, StoredAnswer>;
  /**
   * True where the API server that answered was killed right behind it: receipts leave a server a
   * moment after their answers.
   */
  readonly mayLackReceipt?: (outcome: Outcome) => boolean;
}

/** The network, the balancer and the client's own event loop take their time beside the deadline. */
export const DEADLINE_TOLERANCE_MS = 300;

export function checkOutcomes(outcomes: readonly Outcome[], options: CheckOptions): Finding[] {
  const findings = outcomes.flatMap((outcome) =>
    findingsOf(outcome, options).map(([fault, detail]) => {
      return { fault, detail, requestId: idOf(outcome), sentAtMs: outcome.sentAtMs };
    }),
  );
  return [...findings, ...duplicatesAmong(outcomes)];
}

type Judgement = readonly [Fault, string];

function findingsOf(outcome: Outcome, options: CheckOptions): Judgement[] {
  const { answer, latencyMs, status, problem } = outcome;
  if (answer === undefined || latencyMs === undefined || status !== 200) {
    return [["failed", `${status ?? "no answer"}: ${problem ?? ""}`]];
  }
  const judgements: (Judgement | undefined)[] = [
    judgeTime(latencyMs, options.deadlineMs),
    judgeIdentity(outcome, answer),
    judgeSongs(outcome, answer, options),
    judgeReceipt(outcome, answer, options),
  ];
  return judgements.filter((judgement) => judgement !== undefined);
}

function judgeTime(latencyMs: number, deadlineMs: number): Judgement | undefined {
  if (latencyMs <= deadlineMs + DEADLINE_TOLERANCE_MS) return undefined;
  return ["late", `after ${latencyMs.toFixed(0)} ms`];
}

function judgeIdentity({ sentId }: Outcome, answer: Answer): Judgement | undefined {
  const ids = [answer.requestId, answer.receipt.requestId];
  const isOwn = ids.every((id) => id !== "" && id === (sentId ?? answer.requestId));
  return isOwn ? undefined : ["wrong", `the answer and its receipt belong to ${ids.join(", ")}`];
}

function judgeSongs(
  outcome: Outcome,
  { songs, receipt }: Answer,
  { expected, mayBeDegraded }: CheckOptions,
): Judgement | undefined {
  const { level, reason = "" } = receipt;
  const difference = differenceBetween(songs, expected[outcome.question] ?? []);
  if (level === "full") return difference === undefined ? undefined : ["wrong", difference];
  if (mayBeDegraded?.(outcome) !== true) return ["mislabelled", `${level}: ${reason}`];
  if (reason === "") return ["mislabelled", `${level} without a reason`];
  if (songs.length === 0) return ["wrong", `${level} without a song`];
  return difference === undefined ? ["mislabelled", `${level}, yet the full answer`] : undefined;
}

function judgeReceipt(
  outcome: Outcome,
  { requestId, songs, receipt }: Answer,
  { stored, mayLackReceipt }: CheckOptions,
): Judgement | undefined {
  if (stored === undefined) return undefined;
  const kept = stored.get(requestId);
  if (kept === undefined) {
    return mayLackReceipt?.(outcome) === true ? undefined : ["receipt", "none is stored"];
  }
  for (const fact of ["requestId", "modelVersion", "level"] as const) {
    if (kept.receipt[fact] !== receipt[fact]) {
      return ["receipt", `${fact} is ${kept.receipt[fact]} instead of ${receipt[fact]}`];
    }
  }
  if (kept.receipt.songs.join() !== receipt.songs.join()) {
    return ["receipt", "it is of another question"];
  }
  const difference = differenceBetween(kept.songs, songs);
  return difference === undefined ? undefined : ["receipt", difference];
}

function duplicatesAmong(outcomes: readonly Outcome[]): Finding[] {
  const seen = new Set<string>();
  return outcomes.flatMap((outcome): Finding[] => {
    const requestId = idOf(outcome);
    const isSecond = requestId !== "" && seen.has(requestId);
    seen.add(requestId);
    const { sentAtMs } = outcome;
    const detail = "answered more than once";
    return isSecond ? [{ fault: "duplicate", requestId, sentAtMs, detail }] : [];
  });
}

function idOf({ answer, sentId }: Outcome): string {
  return sentId ?? answer?.requestId ?? "";
}
