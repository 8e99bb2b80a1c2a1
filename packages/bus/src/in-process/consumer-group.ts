/**
 * The members of one group and who owns which partition. Rebalancing is cooperative: a partition
 * that moves is first given up by its owner, and the others go on meanwhile.
 */

import { assignPartitions } from "./assignment.ts";
import type { GroupOffset } from "./group-offset.ts";
import type { Partition } from "./partition.ts";

export interface GroupMember {
  readonly topics: readonly string[];
  take(shares: readonly PartitionShare[]): void;
  /** Resolves when the last handler is through and its commit is stored. */
  giveUp(share: PartitionShare): Promise<void>;
}

/** One partition as the group sees it. */
export interface PartitionShare {
  readonly partition: Partition;
  readonly offset: GroupOffset;
}

interface ShareState extends PartitionShare {
  owner: GroupMember | undefined;
  target: GroupMember | undefined;
  isBeingGivenUp: boolean;
}

export class ConsumerGroup {
  readonly name: string;
  readonly #members: GroupMember[] = [];
  readonly #shares = new Map<string, ShareState[]>();
  readonly #onLeft = new Map<GroupMember, () => void>();

  constructor(name: string) {
    this.name = name;
  }

  get shares(): readonly PartitionShare[] {
    return [...this.#shares.values()].flat();
  }

  get topics(): readonly string[] {
    return [...this.#shares.keys()];
  }

  /** How many partitions of the topic the group knows; more can only be added behind them. */
  partitionCount(topic: string): number {
    return this.#shares.get(topic)?.length ?? 0;
  }

  addShares(topic: string, added: readonly PartitionShare[]): void {
    const idle = { owner: undefined, target: undefined, isBeingGivenUp: false };
    const shares = added.map((share) => ({ ...share, ...idle }));
    this.#shares.set(topic, [...(this.#shares.get(topic) ?? []), ...shares]);
    this.#rebalance();
  }

  join(member: GroupMember): void {
    this.#members.push(member);
    this.#rebalance();
  }

  /** Resolves when the member has given up everything it owned. */
  async leave(member: GroupMember): Promise<void> {
    if (!this.#remove(member)) return;
    const left = new Promise<void>((resolve) => this.#onLeft.set(member, resolve));
    this.#rebalance();
    this.#noteLeft(member);
    await left;
  }

  /** The member is gone without a word: its partitions start again from their last commit. */
  drop(member: GroupMember): void {
    this.#remove(member);
    for (const state of this.#states()) {
      if (state.owner !== member) continue;
      state.owner = undefined;
      state.isBeingGivenUp = false;
    }
    this.#noteLeft(member);
    this.#rebalance();
  }

  #remove(member: GroupMember): boolean {
    const at = this.#members.indexOf(member);
    if (at >= 0) this.#members.splice(at, 1);
    return at >= 0;
  }

  #states(): ShareState[] {
    return [...this.#shares.values()].flat();
  }

  #rebalance(): void {
    for (const [topic, states] of this.#shares) {
      const interested = this.#members.filter((member) => member.topics.includes(topic));
      const owners = states.map(({ owner }) => owner);
      for (const [index, target] of assignPartitions(interested, owners).entries()) {
        const state = states[index];
        if (state !== undefined) state.target = target;
      }
    }
    for (const state of this.#states()) {
      if (state.owner !== undefined && state.owner !== state.target) this.#move(state, state.owner);
    }
    this.#handOutFree();
  }

  #move(state: ShareState, owner: GroupMember): void {
    if (state.isBeingGivenUp) return;
    state.isBeingGivenUp = true;
    void owner.giveUp(state).then(() => {
      // The owner may have been dropped meanwhile, and the partition be somebody else's already.
      if (state.owner !== owner) return;
      state.owner = undefined;
      state.isBeingGivenUp = false;
      this.#noteLeft(owner);
      this.#handOutFree();
    });
  }

  #handOutFree(): void {
    const free = this.#states().filter(({ owner, target }) => !owner && target);
    for (const [member, shares] of Map.groupBy(free, ({ target }) => target)) {
      if (member === undefined) continue;
      for (const share of shares) share.owner = member;
      member.take(shares);
    }
  }

  #noteLeft(member: GroupMember): void {
    if (this.#states().some(({ owner }) => owner === member)) return;
    this.#onLeft.get(member)?.();
    this.#onLeft.delete(member);
  }
}
