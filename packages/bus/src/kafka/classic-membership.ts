/**
 * Membership by the older group protocol, where one member assigns for all, in its cooperative form
 * (KIP-429): partitions that stay are never stopped, and one that moves is free for its next owner
 * only in the rebalance after its last owner gave it up.
 */
import { setTimeout as pause } from "node:timers/promises";
import {
  decodeConsumerProtocolAssignment,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV4,
  joinGroupV7,
  leaveGroupV4,
  syncGroupV5,
} from "@platformatic/kafka";
import { toAppError } from "@segue/errors";
import type { BusLogger } from "../bus-logger.ts";
import { assignCooperatively, byTopic, parseSubscriber } from "./classic-assignment.ts";
import type { Cluster } from "./cluster.ts";
import { errorIdOf, isCoordinatorMoved, isRetryable, refusedError } from "./kafka-error.ts";
import { TIMES_MS } from "./kafka-options.ts";
import type { MemberIdentity, Membership, MembershipHost } from "./membership.ts";
import { keyOf, type PartitionName } from "./partition-offsets.ts";

type JoinResponse = joinGroupV7.JoinGroupResponse;

const PROTOCOL = { type: "consumer", name: "segue-cooperative" } as const;
/** Carries the owned partitions. */
const SUBSCRIPTION_VERSION = 1;
/** The least that brokers allow where nobody has changed it. */
const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_INTERVAL_MS = 500;
const RETRY_DELAY_MS = 100;
const NO_GENERATION = -1;

export class ClassicMembership implements Membership {
  readonly #cluster: Cluster;
  readonly #host: MembershipHost;
  readonly #logger: BusLogger;
  readonly #joined = Promise.withResolvers<void>();
  readonly #end = new AbortController();
  #memberId = "";
  #generation = NO_GENERATION;
  #mustJoin = true;
  #reconciling: Promise<void> | undefined;
  /** Partition counts that the assignment was made for; only its maker has them. */
  #assignedCounts: ReadonlyMap<string, number> | undefined;
  #running: Promise<void> | undefined;

  constructor(cluster: Cluster, host: MembershipHost, logger: BusLogger) {
    this.#cluster = cluster;
    this.#host = host;
    this.#logger = logger;
  }

  get identity(): MemberIdentity {
    return { memberId: this.#memberId, epoch: this.#generation };
  }

  join(): Promise<void> {
    this.#running = this.#run();
    return this.#joined.promise;
  }

  async leave(): Promise<void> {
    this.abandon();
    await this.#running;
    if (this.#memberId === "") return;
    const { group } = this.#host;
    try {
      const node = await this.#cluster.coordinatorOf(group);
      const member = { memberId: this.#memberId, groupInstanceId: null };
      await node.link("group").request(leaveGroupV4.api, group, [member]);
    } catch (thrown) {
      // The group notices by itself, only later.
      this.#logger.warn({ group, err: thrown }, "bus.group.farewell-failed");
    }
  }

  abandon(): void {
    this.#end.abort();
    this.#joined.resolve();
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      let delayMs = RETRY_DELAY_MS;
      try {
        if (this.#hasGrown()) this.#mustJoin = true;
        // What is being given up is still claimed: joining waits for that, heartbeats do not.
        const isJoining = this.#mustJoin && this.#reconciling === undefined;
        const errorId = await (isJoining ? this.#rejoin() : this.#beat());
        if (errorId === "NONE") delayMs = HEARTBEAT_INTERVAL_MS;
        else if (this.#hear(errorId)) delayMs = 0;
      } catch (thrown) {
        const error = toAppError(thrown);
        this.#cluster.forgetCoordinator(this.#host.group);
        if (error.code !== "BUS_UNAVAILABLE") this.#refuse(error);
      }
      // A finished handover is told at once: others wait for it.
      const wait = pause(delayMs, undefined, { signal }).catch(() => {});
      await (this.#reconciling === undefined ? wait : Promise.race([wait, this.#reconciling]));
    }
  }

  /** True when the next step is clear and need not wait. */
  #hear(errorId: string): boolean {
    const { group } = this.#host;
    if (errorId === "MEMBER_ID_REQUIRED") return true;
    if (errorId === "REBALANCE_IN_PROGRESS") {
      this.#mustJoin = true;
      return this.#reconciling === undefined;
    }
    if (EXPELLED.has(errorId)) {
      this.#logger.warn({ group, memberId: this.#memberId, reason: errorId }, "bus.group.expelled");
      if (errorId !== "ILLEGAL_GENERATION") this.#memberId = "";
      this.#generation = NO_GENERATION;
      this.#mustJoin = true;
      this.#host.loseAll();
      return true;
    }
    if (isCoordinatorMoved(errorId)) this.#cluster.forgetCoordinator(group);
    if (!isRetryable(errorId)) {
      this.#refuse(refusedError(errorId, `let a member into group ${group}`));
    }
    return false;
  }

  /** Before the first assignment the caller hears of it; later it can only be tried again. */
  #refuse(error: Error): void {
    this.#logger.error({ group: this.#host.group, err: error }, "bus.group.refused");
    this.#joined.reject(error);
  }

  async #beat(): Promise<string> {
    const { group } = this.#host;
    const node = await this.#cluster.coordinatorOf(group);
    const { errorCode } = await node
      .link("group")
      .request(heartbeatV4.api, group, this.#generation, this.#memberId, null);
    return errorIdOf(errorCode);
  }

  async #rejoin(): Promise<string> {
    const { group } = this.#host;
    const node = await this.#cluster.coordinatorOf(group);
    const metadata = encodeConsumerProtocolSubscription({
      version: SUBSCRIPTION_VERSION,
      topics: [...this.#host.topics],
      ownedPartitions: byTopic(this.#host.ownedPartitions()),
    });
    const joined = await node
      .link("join")
      .request(
        joinGroupV7.api,
        group,
        SESSION_TIMEOUT_MS,
        TIMES_MS.rebalance,
        this.#memberId,
        null,
        PROTOCOL.type,
        [{ name: PROTOCOL.name, metadata }],
      );
    if (joined.memberId !== "") this.#memberId = joined.memberId;
    if (joined.errorCode !== 0) return errorIdOf(joined.errorCode);
    this.#generation = joined.generationId;
    const assignments = await this.#assignmentsFor(joined);
    const synced = await node
      .link("join")
      .request(
        syncGroupV5.api,
        group,
        this.#generation,
        this.#memberId,
        null,
        PROTOCOL.type,
        PROTOCOL.name,
        assignments,
      );
    if (synced.errorCode !== 0) return errorIdOf(synced.errorCode);
    this.#mustJoin = false;
    const { assignedPartitions } = decodeConsumerProtocolAssignment(synced.assignment);
    this.#reconciling = this.#reconcile(
      assignedPartitions.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
    );
    return "NONE";
  }

  /** Of all members when this one was chosen to assign; otherwise none. */
  async #assignmentsFor(joined: JoinResponse): Promise<{ memberId: string; assignment: Buffer }[]> {
    this.#assignedCounts = undefined;
    if (joined.leader !== joined.memberId) return [];
    const subscribers = joined.members.map(({ memberId, metadata }) =>
      parseSubscriber(memberId, metadata),
    );
    const counts = new Map<string, number>();
    for (const topic of new Set(subscribers.flatMap(({ topics }) => topics))) {
      counts.set(topic, (await this.#cluster.topicFor(topic)).partitions.length);
    }
    this.#assignedCounts = counts;
    return [...assignCooperatively(subscribers, counts)].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: SUBSCRIPTION_VERSION,
        assignedPartitions: byTopic(partitions),
      }),
    }));
  }
  async #reconcile(target: readonly PartitionName[]): Promise<void> {
    const wanted = new Set(target.map(keyOf));
    const owned = this.#host.ownedPartitions();
    const has = new Set(owned.map(keyOf));
    const lost = owned.filter((name) => !wanted.has(keyOf(name)));
    const gained = target.filter((name) => !has.has(keyOf(name)));
    try {
      await Promise.all([this.#host.giveUp(lost), this.#host.gain(gained)]);
      // Joining again frees what was given up, and asks again for what was withheld.
      if (lost.length > 0) this.#mustJoin = true;
      this.#joined.resolve();
    } catch (thrown) {
      const error = toAppError(thrown);
      this.#logger.warn({ group: this.#host.group, err: error }, "bus.group.assignment-delayed");
      if (error.code !== "BUS_UNAVAILABLE") this.#refuse(error);
      this.#mustJoin = true;
    } finally {
      this.#reconciling = undefined;
    }
  }

  /** Whoever made the assignment makes a new one when a topic has grown. */
  #hasGrown(): boolean {
    return [...(this.#assignedCounts ?? [])].some(([topic, count]) => {
      return (this.#cluster.knownTopic(topic)?.partitions.length ?? 0) > count;
    });
  }
}

const EXPELLED = new Set(["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "FENCED_INSTANCE_ID"]);
