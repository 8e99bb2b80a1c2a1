import { COUNTING_RULES } from "./counting-rules.ts";

export interface TimedPlay {
  readonly playedAtMs: number;
  readonly heardMs: number;
}

export interface SessionSpan {
  readonly startedAtMs: number;
  /** From the first start to the last end, in whole seconds. */
  readonly seconds: number;
}

/**
 * Cuts one user's plays, in time order, where more than the pause lies between two starts. Whole
 * seconds, so that lengths can be counted like songs, and the longest is known after a retraction.
 */
export function sessionSpansOf(plays: Iterable<TimedPlay>): readonly SessionSpan[] {
  const spans: SessionSpan[] = [];
  let startedAtMs = 0;
  let lastStartMs = Number.NEGATIVE_INFINITY;
  let endMs = 0;
  const close = () => {
    if (lastStartMs === Number.NEGATIVE_INFINITY) return;
    spans.push({ startedAtMs, seconds: Math.round((endMs - startedAtMs) / 1_000) });
  };
  for (const { playedAtMs, heardMs } of plays) {
    if (playedAtMs - lastStartMs > COUNTING_RULES.sessionPauseMs) {
      close();
      startedAtMs = playedAtMs;
      endMs = playedAtMs;
    }
    lastStartMs = playedAtMs;
    endMs = Math.max(endMs, playedAtMs + heardMs);
  }
  close();
  return spans;
}
