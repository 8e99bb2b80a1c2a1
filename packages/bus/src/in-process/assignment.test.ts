import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignPartitions } from "./assignment.ts";

const someMembers = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 });
const someOwners = fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }), {
  minLength: 1,
  maxLength: 24,
});

describe("assignment of partitions", () => {
  test("gives every partition an owner and nobody more than one above another", () => {
    fc.assert(
      fc.property(someMembers, someOwners, (members, current) => {
        const owners = assignPartitions(members, current);
        const counts = members.map((member) => owners.filter((owner) => owner === member).length);
        expect(owners).toHaveLength(current.length);
        expect(owners.every((owner) => owner !== undefined && members.includes(owner))).toBe(true);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("moves nothing when nothing changed", () => {
    fc.assert(
      fc.property(someMembers, someOwners, (members, current) => {
        const owners = assignPartitions(members, current);
        expect(assignPartitions(members, owners)).toEqual(owners);
      }),
    );
  });

  test("takes only a newcomer's share from those who were there", () => {
    const before = assignPartitions(["a", "b"], Array<undefined>(12).fill(undefined));
    const after = assignPartitions(["a", "b", "c"], before);
    const moved = after.filter((owner, partition) => owner !== before[partition]);
    expect(moved).toEqual(["c", "c", "c", "c"]);
  });

  test("leaves partitions without owner when the last member is gone", () => {
    expect(assignPartitions([], ["a", "b"])).toEqual([undefined, undefined]);
  });
});
