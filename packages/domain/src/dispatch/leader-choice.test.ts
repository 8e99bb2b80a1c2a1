import { describe, expect, test } from "vitest";
import { LeaderChoice } from "./leader-choice.ts";

const SUSPICION_MS = 2_000;

/** Partitions 0 to 5 of a topic, led by a, b and c in turn until a leader is taken away. */
function newChoice() {
  const leaders: (string | undefined)[] = ["a", "b", "c"];
  const choice = new LeaderChoice(({ partition }) => leaders[partition % 3], SUSPICION_MS);
  const addresses = [0, 1, 2, 3, 4, 5].map((partition) => ({ topic: "t", partition }));
  const chosen = (wish = {}, nowMs = 0): ReadonlySet<number> =>
    new Set(addresses.map(() => choice.choose(addresses, wish, nowMs).partition));
  return { leaders, choice, addresses, chosen };
}

describe("leader choice", () => {
  test("takes all partitions in turn", () => {
    expect(newChoice().chosen()).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });

  test("keeps to the preferred broker, and away from the avoided one", () => {
    const { chosen } = newChoice();
    expect(chosen({ preferred: "b" })).toEqual(new Set([1, 4]));
    expect(chosen({ avoided: "b" })).toEqual(new Set([0, 2, 3, 5]));
  });

  test("takes what cannot be reached last of all", () => {
    const { leaders, choice, addresses, chosen } = newChoice();
    leaders[1] = undefined;
    expect(chosen({ preferred: "b" })).toEqual(new Set([0, 2, 3, 5]));
    leaders.fill(undefined);
    expect(addresses).toContain(choice.choose(addresses, {}, 0));
  });

  test("goes around a suspected broker for a while", () => {
    const { choice, chosen } = newChoice();
    choice.suspect(["a", undefined], 1_000);
    expect(chosen({ preferred: "a" }, 3_000)).toEqual(new Set([1, 2, 4, 5]));
    expect(chosen({ preferred: "a" }, 3_001)).toEqual(new Set([0, 3]));
  });

  test("rates addresses by the best of their brokers", () => {
    const { leaders, choice, addresses } = newChoice();
    choice.suspect(["a"], 0);
    leaders[1] = undefined;
    const standingOf = (...partitions: number[]) =>
      choice.standingOf(
        addresses.filter(({ partition }) => partitions.includes(partition)),
        0,
      );
    expect([standingOf(0, 1, 2), standingOf(0, 1), standingOf(1, 4)]).toEqual([0, 1, 2]);
  });
});
