import { describe, expect, test } from "vitest";
import { BrokerClock } from "./broker-clock.ts";

const UNIX_MS = 1_700_000_000_000;
const SKEW_MS = 300_000;

/** A broker whose clock is ahead by `offsetMs`, and this process, which reads what it stamps. */
function newReader(offsetMs: number) {
  const clock = new BrokerClock();
  let [stepMs, ownStepMs, leaderEpoch] = [0, 0, 1];
  return {
    /** The age that a record seems to have which was stamped at `sentMs` and took `wayMs`. */
    ageOf: (sentMs: number, wayMs: number): number => {
      const arrivedMs = sentMs + wayMs;
      const nowMs = UNIX_MS + arrivedMs + ownStepMs;
      const stampMs = UNIX_MS + sentMs + offsetMs + stepMs;
      return nowMs - clock.toLocal(stampMs, leaderEpoch, arrivedMs, nowMs);
    },
    setBroker: (byMs: number) => {
      stepMs += byMs;
    },
    setOwn: (byMs: number) => {
      ownStepMs += byMs;
    },
    changeLeader: (byMs: number) => {
      leaderEpoch += 1;
      stepMs += byMs;
    },
  };
}

describe("a broker's clock", () => {
  test("is taken as it is where it agrees", () => {
    const { ageOf } = newReader(0);
    expect([ageOf(0, 4), ageOf(10, 3), ageOf(20, 9_000)]).toEqual([4, 3, 9_000]);
  });

  test.each([SKEW_MS, -SKEW_MS])("that is %i ms ahead makes nothing old or not yet sent", (by) => {
    const { ageOf } = newReader(by);
    expect([ageOf(0, 4), ageOf(10, 3), ageOf(20, 5)]).toEqual([0, 0, 2]);
    // What waited while this process stood still is as old as it is.
    expect(ageOf(30, 9_000)).toBe(8_997);
  });

  test("takes a backlog of unknown age for new, and what follows for what it is", () => {
    const { ageOf } = newReader(0);
    expect(ageOf(0, 1_600)).toBe(0);
    expect(ageOf(1_000, 600)).toBe(0);
    expect(ageOf(2_000, 3)).toBe(3);
    expect(ageOf(2_010, 700)).toBe(700);
  });

  test.each([SKEW_MS, -SKEW_MS, 5_000, -5_000])("may be another one's, %i ms off", (by) => {
    const { ageOf, changeLeader } = newReader(0);
    expect(ageOf(0, 3)).toBe(3);
    changeLeader(by);
    expect(ageOf(10, 3)).toBe(0);
    expect(ageOf(20, 8)).toBe(5);
  });

  test.each([SKEW_MS, -SKEW_MS, 5_000, -5_000])("may be set by %i ms", (by) => {
    const { ageOf, setBroker } = newReader(0);
    expect(ageOf(0, 3)).toBe(3);
    setBroker(by);
    expect(ageOf(10, 3)).toBe(0);
  });

  test.each([SKEW_MS, -SKEW_MS, 5_000, -5_000])("says the same when ours is set by %i ms", (by) => {
    const { ageOf, setOwn } = newReader(0);
    expect(ageOf(0, 3)).toBe(3);
    setOwn(by);
    expect([ageOf(10, 3), ageOf(20, 5)]).toEqual([0, 2]);
  });

  test("may drift", () => {
    const { ageOf, setBroker } = newReader(0);
    for (let minute = 0; minute < 600; minute += 1) {
      setBroker(-6);
      expect(ageOf(60_000 * minute, 3)).toBeLessThan(120);
      expect(ageOf(60_000 * minute + 30_000, 3)).toBeLessThan(120);
    }
  });
});
