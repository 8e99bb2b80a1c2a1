/** What a process says about the Kafka cluster it speaks to, and the times this client keeps. */
import type { BusLogger } from "../bus-logger.ts";

export interface KafkaOptions {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  /** Names this process in the brokers' logs and in error messages. */
  readonly clientName: string;
  /** Copies of each partition of the durable topics created here. */
  readonly replication: number;
  /**
   * The same for work and compacted topics. Default 1: a consumer sees a record only when every
   * replica in sync has it, so with more a dead follower stops what living brokers lead until it is
   * expelled (1.5 s and more). With 1, what the dead broker led stops until it is back, and senders
   * choose other partitions by `leaderOf`.
   */
  readonly workReplication?: number;
  /** Absent: no TLS. `caFile` holds certificates in PEM; absent: the certificates Node trusts. */
  readonly tls?: { readonly caFile?: string };
  readonly sasl?: {
    readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
    readonly username: string;
    readonly password: string;
  };
  /** Unix time in milliseconds. Default Date.now. */
  readonly now?: () => number;
  readonly logger?: BusLogger;
  /** Default "consumer" (KIP-848), or "classic" where the brokers do not know that. */
  readonly groupProtocol?: "consumer" | "classic";
}

/**
 * Short, so that a stopped broker and a cut network are noticed like a dead broker: every wait here
 * adds to the gap that a failure leaves.
 */
export const TIMES_MS = {
  connect: 1_000,
  connectSecured: 2_000,
  request: 2_000,
  /** Then a connection is closed; brokers do the same after 10 minutes. */
  linkUnused: 30_000,
  /** A probe that is not answered in time makes the broker's partitions count as leaderless. */
  probe: 1_000,
  probeInterval: 500,
  probeIntervalDown: 150,
  metadataInterval: 5_000,
  metadataIntervalUnsettled: 150,
  fetchWait: 1_000,
  /** Beyond the 5 s after which a broker gives up storing offsets. */
  commit: 6_000,
  topicCreation: 15_000,
  /** So long a reader waits at first for partitions without a leader; then it goes on without. */
  leaderWait: 2_000,
  /** So long a publish may wait to be accepted. */
  publish: { work: 3_000, compacted: 3_000, durable: 10_000 },
  /** So long a rebalance or a close waits for a handler before it abandons it. */
  handlerEnd: 10_000,
  /** A member that has not given up a partition by then is expelled from its group. */
  rebalance: 13_000,
  commitFlush: 2_000,
} as const;

/** Of key, value and headers together, as a message of the bus. */
export const MESSAGE_BYTES_MAX = 1_048_576;
