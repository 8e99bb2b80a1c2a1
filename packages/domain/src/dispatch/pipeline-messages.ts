/**
 * The pipeline's messages as the domain sees them. Fields are named as in the Protobuf schema, so
 * that a decoded message fits where one of these is asked for.
 */
import type { ShardScores } from "../answer/candidate-merge.ts";
import type { Hop, Receipt, RecommendedSong, SongQuestion } from "../answer/recommendation.ts";

/** One partition of one topic. */
export interface Address {
  readonly topic: string;
  readonly partition: number;
}

export interface RecommendRequest extends SongQuestion {
  readonly requestId: string;
  readonly user: string;
  readonly replyTo: Address;
  /** For a reply that cannot be sent there. */
  readonly replyToAlternate?: Address | undefined;
  /** Unix time in milliseconds, by the receiver's clock, after which nobody waits for the answer. */
  readonly deadlineMs: number;
  /** Empty: the promoted version. Set: exactly this one or a failure, never a degraded answer. */
  readonly modelVersion: string;
}

/** Where one part of the model is to run. */
export interface StageTarget {
  /** From 1. */
  readonly stage: number;
  /** From 0; only the last stage has more than one. */
  readonly shard: number;
  /** With these the part is named in full, also while another cut is being rolled out. */
  readonly layerFirst: number;
  readonly layerLast: number;
  readonly shardCount: number;
  readonly replica: string;
  readonly address: Address;
}

/** A request's way into the first stage; the later ones carry on along `targets`. */
export interface StageTask {
  readonly requestId: string;
  readonly attempt: number;
  readonly modelVersion: string;
  /** Unix time in milliseconds, by the dispatcher's clock. */
  readonly deadlineMs: number;
  readonly targets: readonly StageTarget[];
  readonly partialsTo: Address;
  readonly variants: readonly (readonly number[])[];
  readonly maskedRows: readonly number[];
  readonly candidates: number;
}

export interface Failure {
  /** Of the error code table; as text, for it may come from a process of another version. */
  readonly code: string;
  readonly message: string;
}

/** A shard's scores, or with `failure` what any stage could not do. */
export interface ShardPartial extends ShardScores {
  readonly requestId: string;
  readonly attempt: number;
  readonly modelVersion: string;
  readonly stage: number;
  readonly shard: number;
  /** Who did it: after a change of owners not always the one that the route names. */
  readonly replica: string;
  readonly hops: readonly Hop[];
  readonly failure?: Failure | undefined;
}

export type RecommendReply =
  | {
      readonly kind: "answer";
      readonly requestId: string;
      readonly songs: readonly RecommendedSong[];
      readonly receipt: Receipt;
    }
  | { readonly kind: "failure"; readonly requestId: string; readonly failure: Failure };

/** What a compute node says of itself several times a second. */
export interface ReplicaHeartbeat {
  readonly replica: string;
  readonly stage: number;
  readonly layerFirst: number;
  readonly layerLast: number;
  readonly shard: number;
  readonly shardCount: number;
  readonly modelVersions: readonly string[];
  readonly topic: string;
  readonly ownedPartitions: readonly number[];
  readonly queueDepth: number;
  readonly inFlight: number;
  readonly ready: boolean;
  readonly draining: boolean;
  readonly startedAtMs: number;
  readonly sentAtMs: number;
}
