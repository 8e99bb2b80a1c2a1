/** One broker of the cluster: its links, and whether it answers now. */
import { apiVersionsV3 } from "@platformatic/kafka";
import type { TopicKind } from "../bus.ts";
import {
  type BrokerAddress,
  BrokerLink,
  type LinkFailure,
  type LinkSecurity,
} from "./broker-link.ts";
import { TIMES_MS } from "./kafka-options.ts";

/** What a link is for: each waits in a queue of its own at the broker. */
export type LinkPurpose =
  | "probe"
  | "group"
  | "commit"
  | "offsets"
  | "join"
  | "admin"
  | `${TopicKind | "fetch" | "group"}-${number}`;

export interface BrokerNodeOptions {
  readonly clientName: string;
  /** -1 for a seed, whose id is not known. */
  readonly id: number;
  readonly address: BrokerAddress;
  readonly security: LinkSecurity;
  /** `isUp` or `isReachable` changed. */
  readonly onHealth: (node: BrokerNode) => void;
}

/** By what comes before the number. */
const REQUEST_TIMEOUTS_MS: Readonly<Record<string, number>> = {
  probe: TIMES_MS.probe,
  // Heartbeats: a member that another request keeps from sending them is expelled.
  group: TIMES_MS.request,
  // Stored by replicas: answered only when a dead one is out of the way.
  commit: TIMES_MS.commit,
  offsets: TIMES_MS.request,
  // Answered when everybody has joined.
  join: TIMES_MS.rebalance + TIMES_MS.request,
  admin: TIMES_MS.topicCreation,
  fetch: TIMES_MS.fetchWait + TIMES_MS.request,
};
/**
 * For messages: the broker itself gives up earlier, so that a slow follower does not look like a dead
 * leader.
 */
const PRODUCE_TIMEOUT_MS = 2 * TIMES_MS.request;

export class BrokerNode {
  readonly id: number;
  readonly address: BrokerAddress;
  readonly #options: BrokerNodeOptions;
  readonly #links = new Map<LinkPurpose, BrokerLink>();
  #health: "up" | LinkFailure = "up";
  #isClosed = false;
  #nextProbeAtMs = 0;
  #isProbing = false;

  constructor(options: BrokerNodeOptions) {
    this.id = options.id;
    this.address = options.address;
    this.#options = options;
  }

  get name(): string {
    return `broker-${this.id}`;
  }

  /** It answers, as far as is known. */
  get isUp(): boolean {
    return this.#health === "up" && !this.#isClosed;
  }

  /** Requests may be sent: a broker that is only slow to answer still takes them. */
  get isReachable(): boolean {
    return this.#health !== "broken" && !this.#isClosed;
  }

  link(purpose: LinkPurpose): BrokerLink {
    const known = this.#links.get(purpose);
    if (known !== undefined) return known;
    const { clientName, address, security } = this.#options;
    const isSecured = security.tls !== undefined || security.sasl !== undefined;
    const link = new BrokerLink({
      clientName,
      address,
      security,
      connectTimeoutMs: isSecured ? TIMES_MS.connectSecured : TIMES_MS.connect,
      requestTimeoutMs: requestTimeoutFor(purpose),
      onFailure: (how) => this.#turn(how),
      onAnswer: () => this.#putOffProbe(),
      onDoubt: () => {
        this.#nextProbeAtMs = 0;
      },
    });
    this.#links.set(purpose, link);
    if (this.#isClosed) link.close();
    return link;
  }

  /** Asks whether the broker answers, when it is time to. */
  async probe(nowMs: number): Promise<void> {
    if (this.#isProbing || this.#isClosed || nowMs < this.#nextProbeAtMs) return;
    this.#isProbing = true;
    try {
      await this.link("probe").request(apiVersionsV3.api, "segue", "1");
      this.#turn("up");
    } catch {
      // The link has told of it.
    } finally {
      this.#isProbing = false;
      const intervalMs = this.isUp ? TIMES_MS.probeInterval : TIMES_MS.probeIntervalDown;
      this.#nextProbeAtMs = performance.now() + intervalMs;
    }
  }

  /** An answer to anything tells as much as a probe. */
  #putOffProbe(): void {
    if (this.isUp) this.#nextProbeAtMs = performance.now() + TIMES_MS.probeInterval;
  }

  /** Links are opened as they are needed; what a disturbance needed once is not kept for ever. */
  closeUnusedLinks(nowMs: number): void {
    for (const link of this.#links.values()) link.closeUnusedSince(nowMs - TIMES_MS.linkUnused);
  }

  close(): void {
    this.#isClosed = true;
    for (const link of this.#links.values()) link.close();
  }

  #turn(health: "up" | LinkFailure): void {
    if (health !== "up") this.#nextProbeAtMs = 0;
    if (this.#health === health || this.#isClosed) return;
    this.#health = health;
    this.#options.onHealth(this);
  }
}

function requestTimeoutFor(purpose: LinkPurpose): number {
  const [name = purpose] = purpose.split("-");
  return REQUEST_TIMEOUTS_MS[name] ?? PRODUCE_TIMEOUT_MS;
}
