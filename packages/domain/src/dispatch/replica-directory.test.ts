import { describe, expect, test } from "vitest";
import { heartbeatOf, MODEL } from "../testing/replicas.ts";
import { BREAKER_DEFAULTS } from "./breaker.ts";
import { PRESENCE_DEFAULTS } from "./presence.ts";
import { ReplicaDirectory } from "./replica-directory.ts";

const newDirectory = (): ReplicaDirectory =>
  new ReplicaDirectory({ ...PRESENCE_DEFAULTS, memoryMs: 10_000, breaker: BREAKER_DEFAULTS });
const namesAt = (directory: ReplicaDirectory, nowMs: number): readonly string[] =>
  directory.available(MODEL, nowMs).map(({ replica }) => replica);

describe("replica directory", () => {
  test("offers a replica until nothing was heard of it for the heartbeat timeout", () => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a", { sentAtMs: 1_000 }), 1_010);
    directory.presence.hearAnybody(1_400);
    expect(namesAt(directory, 1_710)).toEqual(["a"]);
    expect(namesAt(directory, 1_711)).toEqual([]);
    directory.hear(heartbeatOf("a", { sentAtMs: 2_000 }), 2_000);
    expect(namesAt(directory, 2_001)).toEqual(["a"]);
  });

  test("ignores heartbeats that come again or out of order", () => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a", { sentAtMs: 1_000, draining: true }), 1_000);
    directory.hear(heartbeatOf("a", { sentAtMs: 900 }), 1_100);
    expect(namesAt(directory, 1_100)).toEqual([]);
  });

  test.each([
    { why: "is not ready", fields: { ready: false } },
    { why: "drains", fields: { draining: true } },
    { why: "owns no partition", fields: { ownedPartitions: [] } },
    { why: "serves another model version", fields: { modelVersions: ["other"] } },
  ])("does not offer a replica that $why", ({ fields }) => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a", fields), 0);
    expect(namesAt(directory, 0)).toEqual([]);
  });

  test("drops a replica that says farewell at once", () => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a"), 0);
    directory.farewell("a");
    expect(namesAt(directory, 0)).toEqual([]);
  });

  test("prefers the less loaded, counting what was sent since its last heartbeat", () => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a", { queueDepth: 1 }), 0);
    directory.hear(heartbeatOf("b"), 0);
    expect(directory.compareByLoad("b", "a")).toBeLessThan(0);
    directory.choose("b", 0);
    directory.choose("b", 0);
    expect(directory.compareByLoad("b", "a")).toBeGreaterThan(0);
    directory.settle("b", "succeeded", 0, 1);
    directory.settle("b", "succeeded", 0, 1);
    expect(directory.compareByLoad("b", "a")).toBeLessThan(0);
  });

  test("prefers the one unused for longer among equals", () => {
    const directory = newDirectory();
    for (const replica of ["a", "b"]) {
      directory.hear(heartbeatOf(replica), 0);
      directory.choose(replica, 0);
      directory.settle(replica, "succeeded", 0, 1);
    }
    expect(directory.compareByLoad("a", "b")).toBeLessThan(0);
  });

  function failTwice(directory: ReplicaDirectory, replica: string): void {
    for (let failure = 0; failure < 2; failure += 1) {
      directory.choose(replica, 0);
      directory.settle(replica, "failed", 0, 100);
    }
  }

  test("does not offer a replica that failed twice in a row until its back-off has passed", () => {
    const directory = newDirectory();
    for (const replica of ["a", "b"]) directory.hear(heartbeatOf(replica), 0);
    failTwice(directory, "a");
    expect(namesAt(directory, 500)).toEqual(["b"]);
    expect(namesAt(directory, 600)).toEqual(["a", "b"]);
  });

  test("offers all replicas of a part rather than none, for those that live and fail are busy", () => {
    const directory = newDirectory();
    for (const replica of ["a", "b"]) directory.hear(heartbeatOf(replica), 0);
    directory.hear(heartbeatOf("c", { stage: 2, layerFirst: 3, layerLast: 4 }), 0);
    failTwice(directory, "a");
    failTwice(directory, "b");
    expect(namesAt(directory, 500).toSorted()).toEqual(["a", "b", "c"]);
  });

  test("does not take a last resort for a probe", () => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a"), 0);
    failTwice(directory, "a");
    directory.choose("a", 300);
    expect(directory.breakers().get("a")?.state).toBe("open");
    directory.choose("a", 600);
    directory.choose("a", 700);
    directory.settle("a", "succeeded", 600, 800);
    expect(directory.breakers().get("a")?.state).toBe("closed");
  });

  test("trusts a replica anew that has been started again", () => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a"), 0);
    directory.settle("a", "failed", 0, 100);
    directory.settle("a", "failed", 0, 100);
    directory.hear(heartbeatOf("a", { startedAtMs: 200, sentAtMs: 200 }), 200);
    expect(namesAt(directory, 200)).toEqual(["a"]);
  });

  test("forgets those that were silent for long", () => {
    const directory = newDirectory();
    directory.hear(heartbeatOf("a"), 0);
    directory.forgetSilent(10_000);
    expect(directory.breakers().size).toBe(1);
    directory.forgetSilent(10_001);
    expect(directory.breakers().size).toBe(0);
  });
});
