/** What a seed makes happen: the size of the world, its network, its faults and its requests. */
import type { SongQuestion } from "../../answer/recommendation.ts";
import { SeededRandom } from "./seeded-random.ts";

/**
 * - `kill`: dead until `untilMs`, then started anew without memory.
 * - `freeze`: does nothing until `untilMs`; what came meanwhile is handled then.
 * - `deaf`: lives and says so, but what is sent to it has no effect.
 * - `refuse`: answers every task with a failure.
 * - `garble`: answers with scores that do not fit the question.
 * - `quiet`: nobody's heartbeats reach anybody, while all else goes on.
 */
export type FaultKind = "kill" | "freeze" | "deaf" | "refuse" | "garble" | "quiet";

export interface Fault {
  readonly kind: FaultKind;
  readonly process: string;
  readonly atMs: number;
  readonly untilMs: number;
}

export interface PlannedRequest extends SongQuestion {
  readonly requestId: string;
  readonly atMs: number;
  readonly deadlineMs: number;
}

export interface WorldPlan {
  readonly seed: number;
  readonly songCount: number;
  readonly artistCount: number;
  readonly shardCount: number;
  /** Of every part of the model. */
  readonly replicaCount: number;
  readonly dispatcherCount: number;
  /** Shares of messages that are lost, delivered twice, or much delayed. */
  readonly lossRate: number;
  readonly repeatRate: number;
  readonly delayRate: number;
  readonly delayMsMax: number;
  readonly faults: readonly Fault[];
  readonly requests: readonly PlannedRequest[];
  /** At most one process fails and every part has another replica: every answer must be full. */
  readonly isSurvivable: boolean;
  /** How far each process's clock is ahead; of those that are not here it is right. */
  readonly clockOffsetsMs: ReadonlyMap<string, number>;
}

export const PARTITIONS = 12;
export const BROKERS = 3;
/** What is quiet while nobody's heartbeats travel. */
export const HEARTBEATS = "heartbeats";
/** Hosts may disagree on the time by so much. */
const CLOCK_OFFSET_MS_MAX = 300_000;

export function partsOf(shardCount: number): readonly { stage: number; shard: number }[] {
  const shards = Array.from({ length: shardCount }, (_, shard) => ({ stage: 3, shard }));
  return [{ stage: 1, shard: 0 }, { stage: 2, shard: 0 }, ...shards];
}

export function replicaName(stage: number, shard: number, index: number): string {
  return `stage-${stage}.${shard}-${index}`;
}

export function dispatcherName(index: number): string {
  return `dispatcher-${index}`;
}

export function brokerName(index: number): string {
  return `broker-${index}`;
}

export function planWorld(seed: number): WorldPlan {
  const random = new SeededRandom(seed);
  const isSurvivable = random.happens(0.4);
  const shardCount = random.between(1, 2);
  const replicaCount = isSurvivable ? random.between(2, 3) : random.between(1, 2);
  const dispatcherCount = isSurvivable ? 2 : random.between(1, 2);
  const songCount = random.between(20, 60);
  const replicas = partsOf(shardCount).flatMap(({ stage, shard }) =>
    Array.from({ length: replicaCount }, (_, index) => replicaName(stage, shard, index)),
  );
  const dispatchers = Array.from({ length: dispatcherCount }, (_, index) => dispatcherName(index));
  const faultCount = isSurvivable ? random.between(0, 1) : random.between(0, 6);
  return {
    seed,
    songCount,
    artistCount: random.between(2, songCount),
    shardCount,
    replicaCount,
    dispatcherCount,
    lossRate: isSurvivable ? 0 : random.pick([0, 0.02, 0.2]),
    repeatRate: random.pick([0, 0.05, 0.3]),
    delayRate: random.pick([0, 0.05, 0.3]),
    delayMsMax: isSurvivable ? 80 : random.pick([80, 1_500]),
    faults: Array.from({ length: faultCount }, () => planFault(random, replicas, dispatchers)),
    requests: Array.from({ length: random.between(1, 6) }, (_, index) =>
      planRequest(random, index, songCount, isSurvivable),
    ),
    isSurvivable,
    clockOffsetsMs: planClocks(random, [...replicas, ...dispatchers]),
  };
}

/** In every second world each host has its own idea of the time. */
function planClocks(
  random: SeededRandom,
  processes: readonly string[],
): ReadonlyMap<string, number> {
  if (random.happens(0.5)) return new Map();
  const offsetMs = (): number => random.between(-CLOCK_OFFSET_MS_MAX, CLOCK_OFFSET_MS_MAX);
  return new Map(processes.map((process) => [process, offsetMs()]));
}

function planFault(
  random: SeededRandom,
  replicas: readonly string[],
  dispatchers: readonly string[],
): Fault {
  if (random.happens(0.3)) return planBusFault(random);
  const isDispatcher = random.happens(0.25);
  const kinds: readonly FaultKind[] = isDispatcher
    ? ["kill", "freeze"]
    : ["kill", "kill", "freeze", "deaf", "refuse", "garble"];
  const atMs = random.between(0, 2_000);
  return {
    kind: random.pick(kinds),
    process: random.pick(isDispatcher ? dispatchers : replicas),
    atMs,
    untilMs: atMs + random.between(50, 3_000),
  };
}

function planBusFault(random: SeededRandom): Fault {
  const isBroker = random.happens(0.75);
  // Not before everybody has been heard once.
  const atMs = random.between(300, 2_000);
  return {
    kind: isBroker ? random.pick(["kill", "freeze"]) : "quiet",
    process: isBroker ? brokerName(random.between(0, BROKERS - 1)) : HEARTBEATS,
    atMs,
    untilMs: atMs + random.between(50, 3_000),
  };
}

function planRequest(
  random: SeededRandom,
  index: number,
  songCount: number,
  isSurvivable: boolean,
): PlannedRequest {
  const songIds = new Set<string>();
  for (let song = random.between(5, 8); song > 0; song -= 1) {
    songIds.add(`s${random.between(0, songCount - 1)}`);
  }
  if (random.happens(0.2)) songIds.add("unknown-song");
  const atMs = random.between(500, 2_500);
  const patienceMs = isSurvivable ? 6_000 : random.pick([600, 1_500, 3_000, 6_000]);
  return {
    requestId: `request-${index}`,
    songIds: [...songIds],
    historySongIds: [],
    versionGroupIds: [],
    limit: random.between(1, 30),
    songsPerArtistMax: random.between(1, 3),
    atMs,
    deadlineMs: atMs + patienceMs,
  };
}
