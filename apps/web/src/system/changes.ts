/** What is different from one look at the system to the next, in words. */
import type { BreakerState, SystemState } from "../api/system-wire.ts";
import type { SeenProcess } from "./seen-process.ts";

export interface Change {
  readonly key: string;
  /** By the server's clock. */
  readonly atMs: number;
  readonly tone: "good" | "bad" | "neutral";
  readonly text: string;
  /** The process that it is about. */
  readonly replica: string | null;
}

interface Looked {
  readonly state: SystemState | null;
  readonly processes: readonly SeenProcess[];
}

type Told = Omit<Change, "key" | "atMs">;

/** The worst first. */
export function changesBetween(before: Looked, next: Looked, atMs: number): readonly Change[] {
  const told = [
    ...processChanges(before.processes, next.processes, atMs),
    ...breakerChanges(before.state?.breakers ?? [], next.state?.breakers ?? []),
    ...surroundingChanges(before.state, next.state),
  ];
  return told
    .toSorted((left, right) => TONES.indexOf(left.tone) - TONES.indexOf(right.tone))
    .map((change) => ({ ...change, atMs, key: `${atMs} ${change.text}` }));
}

/** Such as "3.2 s", "4 min". */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 100) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}

const TONES: readonly Change["tone"][] = ["bad", "neutral", "good"];

function processChanges(
  before: readonly SeenProcess[],
  next: readonly SeenProcess[],
  atMs: number,
): Told[] {
  const known = new Map(before.map((process) => [process.replica, process]));
  return next.flatMap((process): Told[] => {
    const { replica } = process;
    const was = known.get(replica);
    if (was === undefined) return [{ replica, tone: "good", text: `${replica} has joined` }];
    const healthChange = healthChangeOf(was, process, atMs);
    if (healthChange !== null) return [{ replica, ...healthChange }];
    const isAnother = was.startedAtMs !== process.startedAtMs && was.pid !== process.pid;
    if (!isAnother || process.isGone) return [];
    return [{ replica, tone: "neutral", text: `${replica} was started again` }];
  });
}

function healthChangeOf(
  was: SeenProcess,
  is: SeenProcess,
  atMs: number,
): Omit<Told, "replica"> | null {
  const { replica, health, isGone } = is;
  if (isGone && !was.isGone) return { tone: "neutral", text: `${replica} said farewell and left` };
  if (isGone || (was.health === health && !was.isGone)) return null;
  switch (health) {
    case "ready": {
      const span = was.downSinceMs === null ? "" : ` after ${formatSpan(atMs - was.downSinceMs)}`;
      return { tone: "good", text: `${replica} serves again${span}` };
    }
    case "starting":
      return { tone: "neutral", text: `${replica} is starting` };
    case "draining":
      return { tone: "neutral", text: `${replica} drains: it ends its work, then leaves` };
    case "unready":
      return { tone: "bad", text: `${replica} runs but does not answer` };
    case "silent":
      return { tone: "bad", text: `${replica} has fallen silent` };
    case "paused":
      return { tone: "bad", text: `${replica} is paused` };
    case "stopped":
      return { tone: "bad", text: `${replica} was ended` };
    case "dead":
      return { tone: "bad", text: `${replica} died by itself` };
  }
}

/** A breaker that is not mentioned is closed. */
function breakerChanges(before: readonly BreakerState[], next: readonly BreakerState[]): Told[] {
  const keyOf = ({ dispatcher, replica }: BreakerState) => `${dispatcher} ${replica}`;
  const was = new Map(before.map((breaker) => [keyOf(breaker), breaker.state]));
  return next.flatMap((breaker): Told[] => {
    const { dispatcher, replica, state } = breaker;
    if (state === (was.get(keyOf(breaker)) ?? "closed")) return [];
    const text = BREAKER_TEXTS[state]?.(dispatcher, replica);
    if (text === undefined) return [];
    return [{ replica, text, tone: state === "closed" ? "good" : "neutral" }];
  });
}

const BREAKER_TEXTS: Readonly<
  Record<string, (dispatcher: string, replica: string) => string | undefined>
> = {
  open: (dispatcher, replica) => `${dispatcher} gave up on ${replica}`,
  "half-open": (dispatcher, replica) => `${dispatcher} tries ${replica} once`,
  closed: (dispatcher, replica) => `${dispatcher} trusts ${replica} again`,
};

function surroundingChanges(before: SystemState | null, next: SystemState | null): Told[] {
  if (before === null || next === null) return [];
  const changes: Told[] = [];
  if (before.bus.isReachable !== next.bus.isReachable) {
    changes.push(
      next.bus.isReachable
        ? { replica: null, tone: "good", text: "The bus answers again" }
        : { replica: null, tone: "bad", text: "The bus does not answer" },
    );
  }
  if (before.modelVersion !== next.modelVersion && next.modelVersion !== null) {
    const text = `Model ${next.modelVersion} is served now`;
    changes.push({ replica: null, tone: "neutral", text });
  }
  return changes;
}
