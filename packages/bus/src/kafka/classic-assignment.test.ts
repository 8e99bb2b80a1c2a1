import { describe, expect, it } from "vitest";
import { assignCooperatively, type Subscriber } from "./classic-assignment.ts";

const topic = "t";
const named = (...partitions: number[]) => partitions.map((partition) => ({ topic, partition }));
const member = (memberId: string, ...owned: number[]): Subscriber => ({
  memberId,
  topics: [topic],
  owned: named(...owned),
});
const counts = (count: number) => new Map([[topic, count]]);

describe("a cooperative assignment", () => {
  it("gives a newcomer nothing that is still owned, and asks the owner for its share", () => {
    const assigned = assignCooperatively([member("a", 0, 1, 2, 3), member("b")], counts(4));
    expect(assigned.get("a")).toHaveLength(2);
    expect(assigned.get("b")).toEqual([]);
  });

  it("hands over in the next round what was given up", () => {
    const assigned = assignCooperatively([member("a", 0, 1), member("b")], counts(4));
    expect(assigned.get("a")).toEqual(named(0, 1));
    expect(assigned.get("b")).toEqual(named(2, 3));
  });

  it("leaves a balanced group as it is, and spreads partitions that are new", () => {
    const assigned = assignCooperatively([member("a", 0, 2), member("b", 1, 3)], counts(6));
    expect(assigned.get("a")).toEqual(expect.arrayContaining(named(0, 2)));
    expect(assigned.get("b")).toEqual(expect.arrayContaining(named(1, 3)));
    expect([...assigned.values()].map((own) => own.length)).toEqual([3, 3]);
  });

  it("gives a topic only to members that asked for it", () => {
    const other = { memberId: "b", topics: ["other"], owned: [] };
    const assigned = assignCooperatively([member("a"), other], counts(2));
    expect(assigned.get("a")).toEqual(named(0, 1));
    expect(assigned.get("b")).toEqual([]);
  });
});
