/** How a process fares, in a word and in a sentence. */
import type { Health } from "../api/system-wire.ts";
import { formatSpan } from "./changes.ts";
import { isDown, type SeenProcess } from "./seen-process.ts";

/** Decides colour and shape; each word is there as text too. */
export type HealthTone = "well" | "changing" | "paused" | "doubtful" | "down";

const WORDS: Readonly<Record<Health, string>> = {
  ready: "Ready",
  starting: "Starting",
  unready: "Not answering",
  draining: "Draining",
  silent: "Silent",
  paused: "Paused",
  stopped: "Stopped",
  dead: "Died",
};

const TONES: Readonly<Record<Health, HealthTone>> = {
  ready: "well",
  starting: "changing",
  unready: "doubtful",
  draining: "changing",
  silent: "doubtful",
  paused: "paused",
  stopped: "down",
  dead: "down",
};

export function healthTone({ health, isGone }: SeenProcess): HealthTone {
  return isGone ? "down" : TONES[health];
}

/** With how long it has been so, where that matters. */
export function healthWord(process: SeenProcess, nowMs: number): string {
  const word = process.isGone ? "Left" : WORDS[process.health];
  if (!isDown(process) || process.downSinceMs === null) return word;
  return `${word} for ${formatSpan(nowMs - process.downSinceMs)}`;
}

const SENTENCES: Readonly<Record<Health, string>> = {
  ready: "It serves.",
  starting: "It is starting, and serves once it is warm.",
  unready: "It runs but does not answer as it should.",
  draining: "It takes nothing new, ends its work and leaves.",
  silent: "Nothing is heard of it: it died, hangs, or cannot reach the bus. Nothing is sent to it.",
  paused: "It is stopped in mid-air and holds what it had begun.",
  stopped: "It was ended by request and stays down until it is revived.",
  dead: "It ended by itself and is about to be started again.",
};

/** Of a local cluster's supervisor, what happened; it leaves out of whom it speaks. */
export function healthSentence({ health, isGone, detail }: SeenProcess): string {
  if (detail !== null) return /^[a-z]/.test(detail) ? `It ${detail}.` : detail;
  return isGone ? "It said farewell and left." : SENTENCES[health];
}

/** Such as "idle", "3 at work, 2 waiting". */
export function loadWording({ inFlight, queueDepth }: SeenProcess): string {
  if (inFlight === 0 && queueDepth === 0) return "idle";
  if (queueDepth === 0) return `${inFlight} at work`;
  return inFlight === 0 ? `${queueDepth} waiting` : `${inFlight} at work, ${queueDepth} waiting`;
}
