/** What a group subscription and its membership know of each other. */
import type { PartitionName } from "./partition-offsets.ts";

/** Who a commit comes from. */
export interface MemberIdentity {
  readonly memberId: string;
  /** Member epoch (KIP-848) or generation (classic). */
  readonly epoch: number;
}

/** Takes part in a consumer group: learns which partitions are this member's. */
export interface Membership {
  readonly identity: MemberIdentity;
  /** Resolves when the first assignment has been taken over. */
  join(): Promise<void>;
  /** Call after everything was given up: the partitions are free for others at once. */
  leave(): Promise<void>;
  /** Ends without a farewell. */
  abandon(): void;
}

export interface MembershipHost {
  readonly group: string;
  readonly topics: readonly string[];
  ownedPartitions(): readonly PartitionName[];
  /** Resolves when the partitions are being consumed. */
  gain(partitions: readonly PartitionName[]): Promise<void>;
  /** Resolves when their handlers are through and their offsets are committed. */
  giveUp(partitions: readonly PartitionName[]): Promise<void>;
  /** They are others' already: nothing of them may be committed. */
  loseAll(): void;
}
