/** Which member of a group owns which partition of a topic: balanced, and moving as few as it can. */

/**
 * The new owner of each partition. `current` holds today's owners (undefined: nobody); owners that
 * are no longer among `members` lose theirs. Empty `members` leaves every partition without owner.
 */
export function assignPartitions<Member>(
  members: readonly Member[],
  current: readonly (Member | undefined)[],
): (Member | undefined)[] {
  if (members.length === 0) return current.map(() => undefined);
  const quotas = quotasFor(members, current);
  const owners = current.map((owner) => {
    const quota = owner === undefined ? 0 : (quotas.get(owner) ?? 0);
    if (owner === undefined || quota === 0) return undefined;
    quotas.set(owner, quota - 1);
    return owner;
  });
  const open = members.flatMap((member) => Array<Member>(quotas.get(member) ?? 0).fill(member));
  return owners.map((owner) => owner ?? open.shift());
}

/** Everybody gets the floor of the share; the remainder goes to those who hold most already. */
function quotasFor<Member>(
  members: readonly Member[],
  current: readonly (Member | undefined)[],
): Map<Member, number> {
  const share = Math.floor(current.length / members.length);
  const remainder = current.length % members.length;
  const held = (member: Member) => current.filter((owner) => owner === member).length;
  const byHeld = members.toSorted((left, right) => held(right) - held(left));
  return new Map(byHeld.map((member, rank) => [member, share + (rank < remainder ? 1 : 0)]));
}
