/**
 * Membership by the consumer group protocol of KIP-848: the broker assigns, members only tell what
 * they own, and nobody stops for somebody else's coming or going.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { consumerGroupHeartbeatV0 } from "@platformatic/kafka";
import { toAppError } from "@segue/errors";
import type { BusLogger } from "../bus-logger.ts";
import type { Cluster } from "./cluster.ts";
import { errorIdOf, isCoordinatorMoved, isRetryable, refusedError } from "./kafka-error.ts";
import { TIMES_MS } from "./kafka-options.ts";
import type { MemberIdentity, Membership, MembershipHost } from "./membership.ts";
import { keyOf, type PartitionName } from "./partition-offsets.ts";

type HeartbeatResponse = consumerGroupHeartbeatV0.ConsumerGroupHeartbeatResponse;
type Assignment = NonNullable<HeartbeatResponse["assignment"]>;

const RETRY_DELAY_MS = 100;
const ANSWER_MS = 400;
/** So many heartbeats may wait for their answers: brokers answer the requests of one link in turn. */
const LINKS = 5;
/** Epochs of the protocol with a meaning of their own. */
const JOINING = 0;
const LEAVING = -1;

export class ConsumerMembership implements Membership {
  readonly #cluster: Cluster;
  readonly #host: MembershipHost;
  readonly #logger: BusLogger;
  #memberId: string = randomUUID();
  #epoch = JOINING;
  #heartbeatIntervalMs = 1_000;
  #target: readonly PartitionName[] | undefined;
  #isReconciling = false;
  /** What the broker was told last that this member owns. */
  #told = "";
  #linkNumber = 0;
  #wake = new AbortController();
  readonly #joined = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;
  #isEnded = false;

  constructor(cluster: Cluster, host: MembershipHost, logger: BusLogger) {
    this.#cluster = cluster;
    this.#host = host;
    this.#logger = logger;
  }

  get identity(): MemberIdentity {
    return { memberId: this.#memberId, epoch: this.#epoch };
  }

  join(): Promise<void> {
    this.#running = this.#run();
    return this.#joined.promise;
  }

  async leave(): Promise<void> {
    this.#end();
    await this.#running;
    if (this.#epoch === JOINING) return;
    try {
      await this.#heartbeat(LEAVING);
    } catch (thrown) {
      // The group notices by itself, only later.
      this.#logger.warn({ group: this.#host.group, err: thrown }, "bus.group.farewell-failed");
    }
  }

  abandon(): void {
    this.#end();
  }

  #end(): void {
    this.#isEnded = true;
    this.#wake.abort();
    this.#joined.resolve();
  }

  async #run(): Promise<void> {
    while (!this.#isEnded) {
      let delayMs = RETRY_DELAY_MS;
      try {
        const response = await this.#beat();
        if (response === "late") delayMs = 0;
        else if (await this.#hear(response)) delayMs = this.#heartbeatIntervalMs;
      } catch (thrown) {
        const error = toAppError(thrown);
        this.#cluster.forgetCoordinator(this.#host.group);
        if (error.code !== "BUS_UNAVAILABLE") this.#giveUpJoining(error);
      }
      await this.#sleep(delayMs);
    }
  }

  /**
   * Coordinators hold answers back until replicas have what the group wrote before, which a dead
   * replica delays by more than a session may be silent: so the next heartbeat does not wait for the
   * answer to this one. What a late answer would have told, the next tells again.
   */
  async #beat(): Promise<HeartbeatResponse | "late"> {
    const answer = this.#heartbeat(this.#epoch);
    if (this.#epoch === JOINING) return answer;
    const timer = new AbortController();
    const late = pause(ANSWER_MS, "late" as const, { signal: timer.signal }).catch(
      () => "late" as const,
    );
    const first = await Promise.race([answer, late]).finally(() => timer.abort());
    if (first === "late") {
      this.#linkNumber = (this.#linkNumber + 1) % LINKS;
      this.#told = "";
      answer.catch(() => {});
    }
    return first;
  }

  async #heartbeat(epoch: number): Promise<HeartbeatResponse> {
    const { group, topics } = this.#host;
    const node = await this.#cluster.coordinatorOf(group);
    const owned = epoch === LEAVING ? undefined : this.#ownedByTopic();
    const told = JSON.stringify(owned ?? null);
    const isNews = epoch === JOINING || told !== this.#told;
    const response = await node
      .link(`group-${this.#linkNumber}`)
      .request(
        consumerGroupHeartbeatV0.api,
        group,
        this.#memberId,
        epoch,
        null,
        null,
        epoch === JOINING ? TIMES_MS.rebalance : -1,
        epoch === JOINING ? [...topics] : null,
        null,
        null,
        isNews && owned !== undefined ? owned : null,
      );
    if (response.errorCode === 0) this.#told = told;
    // Unknown to the broker, most likely: the next heartbeat tells everything.
    else this.#told = "";
    return response;
  }

  /** True when the broker took the heartbeat. */
  async #hear(response: HeartbeatResponse): Promise<boolean> {
    const errorId = errorIdOf(response.errorCode);
    const { group } = this.#host;
    if (errorId === "NONE") {
      this.#memberId = response.memberId ?? this.#memberId;
      this.#epoch = response.memberEpoch;
      this.#heartbeatIntervalMs = response.heartbeatIntervalMs;
      if (response.assignment !== null) await this.#adopt(response.assignment);
      return true;
    }
    if (errorId === "UNKNOWN_MEMBER_ID" || errorId === "FENCED_MEMBER_EPOCH") {
      this.#logger.warn({ group, memberId: this.#memberId, reason: errorId }, "bus.group.expelled");
      this.#epoch = JOINING;
      this.#target = undefined;
      this.#host.loseAll();
      return false;
    }
    if (isCoordinatorMoved(errorId)) this.#cluster.forgetCoordinator(group);
    if (!isRetryable(errorId)) {
      this.#giveUpJoining(refusedError(errorId, `let a member into group ${group}`));
    }
    return false;
  }

  /** Before the first assignment the caller hears of it; later it can only be tried again. */
  #giveUpJoining(error: Error): void {
    this.#logger.error({ group: this.#host.group, err: error }, "bus.group.refused");
    this.#joined.reject(error);
  }

  async #adopt({ topicPartitions }: Assignment): Promise<void> {
    const target: PartitionName[] = [];
    for (const { topicId, partitions } of topicPartitions) {
      const topic = await this.#cluster.topicNameOf(topicId, this.#host.topics);
      if (topic === undefined) continue;
      for (const partition of partitions) target.push({ topic, partition });
    }
    this.#target = target;
    if (!this.#isReconciling) void this.#reconcile();
  }

  /** Heartbeats go on meanwhile: a slow handler must not cost the membership. */
  async #reconcile(): Promise<void> {
    this.#isReconciling = true;
    try {
      while (this.#target !== undefined && !this.#isEnded) {
        const target = this.#target;
        const wanted = new Set(target.map(keyOf));
        const owned = this.#host.ownedPartitions();
        const has = new Set(owned.map(keyOf));
        const lost = owned.filter((name) => !wanted.has(keyOf(name)));
        const gained = target.filter((name) => !has.has(keyOf(name)));
        // What others wait for does not delay what waits for us.
        await Promise.all([this.#host.giveUp(lost), this.#host.gain(gained)]);
        if (this.#target === target) this.#target = undefined;
        this.#joined.resolve();
        this.#wake.abort();
      }
    } catch (thrown) {
      const error = toAppError(thrown);
      this.#logger.warn({ group: this.#host.group, err: error }, "bus.group.assignment-delayed");
      if (error.code !== "BUS_UNAVAILABLE") this.#giveUpJoining(error);
      await pause(RETRY_DELAY_MS);
      if (!this.#isEnded) setImmediate(() => void this.#reconcile());
    } finally {
      this.#isReconciling = false;
    }
  }

  #ownedByTopic(): { topicId: string; partitions: number[] }[] {
    const byTopic = Map.groupBy(this.#host.ownedPartitions(), ({ topic }) => topic);
    return [...byTopic].flatMap(([topic, own]) => {
      const topicId = this.#cluster.knownTopic(topic)?.id;
      const partitions = own.map(({ partition }) => partition).toSorted((a, b) => a - b);
      return topicId === undefined ? [] : [{ topicId, partitions }];
    });
  }

  async #sleep(delayMs: number): Promise<void> {
    const { signal } = this.#wake;
    await pause(delayMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) this.#wake = new AbortController();
  }
}
