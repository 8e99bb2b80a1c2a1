/**
 * Fetches for every subscription of the process by long polls, a few at a time per broker. A poll
 * asks for all partitions that the broker leads and that want records; whoever wants some while the
 * polls under way are without it gets the next poll at once.
 */
import { fetchV12, type RecordsBatch } from "@platformatic/kafka";
import type { BrokerNode } from "./broker-node.ts";
import type { Cluster } from "./cluster.ts";
import { errorIdOf } from "./kafka-error.ts";
import { TIMES_MS } from "./kafka-options.ts";

/** One consumer of one partition. */
export interface FetchTarget {
  readonly topic: string;
  readonly partition: number;
  /** Where the next record is expected. */
  readonly position: bigint;
  /** Epoch of the leader that wrote the last batch taken, -1 before the first. */
  readonly positionEpoch: number;
  /** After an answer it need not be asked for again so soon. */
  readonly gatherMs: number;
  /** It has room for more records. */
  isHungry(): boolean;
  take(batches: readonly RecordsBatch[]): void;
  /** The log ends before the position, or begins behind it. */
  reposition(endOffset: bigint | undefined): void;
}

interface Follow {
  /** Set while a poll asks for it; a poll that is not this one any more does not count. */
  poll: symbol | undefined;
  leader: BrokerNode | undefined;
  notBeforeMs: number;
}

/** By topic and partition. */
type PollTargets = Map<string, FetchTarget>;

type FetchAnswer = fetchV12.FetchResponse;
type PartitionAnswer = FetchAnswer["responses"][number]["partitions"][number];

const POLLS_PER_BROKER_MAX = 6;
const READ_UNCOMMITTED = 0;
const NO_SESSION = { id: 0, epoch: -1 };
const RESPONSE_BYTES_MAX = 16 * 1024 * 1024;
const PARTITION_BYTES_MAX = 1_100_000;
const RETRY_DELAY_MS = 50;

export class Fetcher {
  readonly #cluster: Cluster;
  readonly #follows = new Map<FetchTarget, Follow>();
  /** Numbers of the polls under way per broker: each has its own link. */
  readonly #polls = new Map<BrokerNode, Set<number>>();
  readonly #unlisten: () => void;
  #isPumpScheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #turns = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#unlisten = cluster.listen(() => this.#schedulePump());
  }

  add(target: FetchTarget): void {
    this.#follows.set(target, { poll: undefined, leader: undefined, notBeforeMs: 0 });
    this.#schedulePump();
  }

  remove(target: FetchTarget): void {
    this.#follows.delete(target);
  }

  /** The target may have become hungry. */
  wake(): void {
    this.#schedulePump();
  }

  close(): void {
    this.#unlisten();
    clearTimeout(this.#timer);
    this.#follows.clear();
  }

  #schedulePump(): void {
    if (this.#isPumpScheduled) return;
    this.#isPumpScheduled = true;
    setImmediate(() => {
      this.#isPumpScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    const nowMs = performance.now();
    const wanted = new Map<BrokerNode, PollTargets[]>();
    let pauseMs = Number.POSITIVE_INFINITY;
    for (const [target, follow] of this.#follows) {
      const leader = this.#cluster.leaderOf(target.topic, target.partition);
      // A poll at a broker that leads no more, or is gone, is not waited for.
      if (follow.leader !== leader) follow.poll = undefined;
      if (leader === undefined || follow.poll !== undefined || !target.isHungry()) continue;
      if (nowMs < follow.notBeforeMs) pauseMs = Math.min(pauseMs, follow.notBeforeMs - nowMs);
      else wanted.set(leader, distribute(wanted.get(leader) ?? [], target));
    }
    for (const [leader, polls] of wanted) {
      for (const targets of polls) this.#startPoll(leader, targets);
    }
    if (pauseMs < Number.POSITIVE_INFINITY) this.#pumpLater(pauseMs);
  }

  #pumpLater(pauseMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), Math.ceil(pauseMs));
  }

  #startPoll(leader: BrokerNode, targets: PollTargets): void {
    const polls = this.#polls.get(leader) ?? new Set<number>();
    this.#polls.set(leader, polls);
    const numbers = Array.from({ length: POLLS_PER_BROKER_MAX }, (_, index) => index);
    const free = numbers.find((number) => !polls.has(number));
    if (free === undefined) return;
    polls.add(free);
    const poll = Symbol(`poll ${free} of ${leader.name}`);
    for (const target of targets.values()) {
      const follow = this.#follows.get(target);
      if (follow === undefined) continue;
      follow.poll = poll;
      follow.leader = leader;
    }
    void this.#poll(leader, free, poll, targets).finally(() => {
      polls.delete(free);
      for (const follow of this.#follows.values()) {
        if (follow.poll === poll) follow.poll = undefined;
      }
      this.#schedulePump();
    });
  }

  async #poll(
    leader: BrokerNode,
    number: number,
    poll: symbol,
    targets: PollTargets,
  ): Promise<void> {
    const owed = (target: FetchTarget | undefined) => {
      const follow = target === undefined ? undefined : this.#follows.get(target);
      return follow?.poll === poll ? follow : undefined;
    };
    try {
      const response = await this.#request(leader, number, [...targets.values()]);
      for (const { topicId: topic, partitions } of response.responses) {
        for (const answer of partitions) {
          const target = targets.get(keyOf(topic, answer.partitionIndex));
          const follow = owed(target);
          if (target !== undefined && follow !== undefined) this.#hand(target, follow, answer);
        }
      }
    } catch {
      // The broker is known to be down by now; the next leader is asked as soon as there is one.
      const notBeforeMs = performance.now() + RETRY_DELAY_MS;
      for (const target of targets.values()) {
        const follow = owed(target);
        if (follow !== undefined) follow.notBeforeMs = notBeforeMs;
      }
    }
  }

  #request(
    leader: BrokerNode,
    number: number,
    targets: readonly FetchTarget[],
  ): Promise<FetchAnswer> {
    this.#turns += 1;
    // Brokers fill the response in the order asked: everybody is first at times.
    const first = this.#turns % targets.length;
    const inTurn = [...targets.slice(first), ...targets.slice(0, first)];
    const topics = [...Map.groupBy(inTurn, ({ topic }) => topic)].map(([topic, own]) => ({
      // Version 12 of the request goes by names, whatever its field is called.
      topicId: topic,
      partitions: own.map(({ partition, position, positionEpoch }) => ({
        partition,
        currentLeaderEpoch: -1,
        fetchOffset: position,
        lastFetchedEpoch: positionEpoch,
        partitionMaxBytes: PARTITION_BYTES_MAX,
      })),
    }));
    const link = leader.link(`fetch-${number}`);
    const { fetchWait } = TIMES_MS;
    return link.request(
      fetchV12.api,
      fetchWait,
      1,
      RESPONSE_BYTES_MAX,
      READ_UNCOMMITTED,
      NO_SESSION.id,
      NO_SESSION.epoch,
      topics,
      [],
      "",
    );
  }

  #hand(target: FetchTarget, follow: Follow, answer: PartitionAnswer): void {
    follow.poll = undefined;
    const errorId = errorIdOf(answer.errorCode);
    const divergedAt = answer.divergingEpoch?.endOffset ?? -1n;
    if (errorId === "NONE" && divergedAt < 0n) {
      if (answer.records != null && answer.records.length > 0) {
        follow.notBeforeMs = performance.now() + target.gatherMs;
        target.take(answer.records);
      }
      return;
    }
    follow.notBeforeMs = performance.now() + RETRY_DELAY_MS;
    if (divergedAt >= 0n) target.reposition(divergedAt);
    else if (errorId === "OFFSET_OUT_OF_RANGE") target.reposition(undefined);
    else this.#cluster.markStale();
  }
}

/** A request can ask once for a partition: a second consumer of it goes to another poll. */
function distribute(polls: PollTargets[], target: FetchTarget): PollTargets[] {
  const key = keyOf(target.topic, target.partition);
  const open = polls.find((targets) => !targets.has(key));
  if (open === undefined) polls.push(new Map([[key, target]]));
  else open.set(key, target);
  return polls;
}

function keyOf(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}
