import {
  fromBinary,
  HEARTBEAT_PARTITIONS,
  type Heartbeat,
  HeartbeatSchema,
} from "@segue/contracts";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { BusMessage } from "./bus.ts";
import { type Heartbeats, startHeartbeats } from "./heartbeats.ts";

/** A bus whose partitions take what they are given, unless told to hang or to refuse. */
function newTopic() {
  const taken = Array.from({ length: HEARTBEAT_PARTITIONS }, (): (Heartbeat | "farewell")[] => []);
  const hanging = new Map<number, () => void>();
  const refusing = new Set<number>();
  const leaderless = new Set<number>();
  const errors: unknown[] = [];
  let nowMs = 1_000;
  const bus = {
    leaderOf: (_: string, partition: number) => (leaderless.has(partition) ? undefined : "broker"),
    publish: async (_: string, { partition = -1, value }: BusMessage): Promise<void> => {
      if (refusing.has(partition)) throw new Error(`partition ${partition} refuses`);
      if (hanging.has(partition)) {
        await new Promise<void>((resolve) => hanging.set(partition, resolve));
      }
      const isFarewell = value.length === 0;
      taken[partition]?.push(isFarewell ? "farewell" : fromBinary(HeartbeatSchema, value));
    },
  };
  const start = (intervalMs: number): Heartbeats =>
    startHeartbeats({
      bus,
      replica: "a",
      describe: () => ({ role: "compute", startedAtMs: 1 }),
      now: () => nowMs,
      intervalMs,
      onError: (error) => errors.push(error),
    });
  return {
    taken,
    hanging,
    refusing,
    leaderless,
    errors,
    setClock: (toMs: number) => {
      nowMs = toMs;
    },
    start: (intervalMs = 60_000) => {
      running = start(intervalMs);
      return running;
    },
  };
}

let running: Heartbeats | undefined;
afterEach(async () => {
  await running?.close();
});

describe("heartbeats", () => {
  test("go to the partitions in turn", async () => {
    const { start, taken } = newTopic();
    const heartbeats = start(5);
    await vi.waitFor(() => expect(taken[0]?.length).toBeGreaterThan(4));
    const counts = taken.map(({ length }) => length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    await heartbeats.close();
  });

  test("pass over a partition without a leader while there are others", async () => {
    const { start, taken, leaderless } = newTopic();
    leaderless.add(1);
    const heartbeats = start(5);
    await vi.waitFor(() => expect(taken[2]?.length).toBeGreaterThan(2));
    expect(taken[1]).toEqual([]);
    leaderless.delete(1);
    await vi.waitFor(() => expect(taken[1]?.length).toBeGreaterThan(1));
    for (const partition of taken.keys()) leaderless.add(partition);
    const before = taken.flat().length;
    await vi.waitFor(() => expect(taken.flat().length).toBeGreaterThan(before + 3));
    await heartbeats.close();
  });

  test("with news go to every partition", async () => {
    const { start, taken } = newTopic();
    await start().beat();
    await vi.waitFor(() => expect(taken.map(({ length }) => length)).toEqual([1, 2, 1]));
  });

  test("go on where one partition hangs, which gets no more than it takes", async () => {
    const { start, taken, hanging } = newTopic();
    hanging.set(1, () => {});
    const heartbeats = start(5);
    await vi.waitFor(() => expect(taken[0]?.length).toBeGreaterThan(5));
    expect(taken[1]).toEqual([]);
    const release = hanging.get(1);
    hanging.delete(1);
    release?.();
    await vi.waitFor(() => expect(taken[1]?.length).toBeGreaterThan(1));
    const [late, next] = taken[1] ?? [];
    if (late === "farewell" || next === "farewell") throw new Error("nobody has left");
    expect((next?.sentAtMs ?? 0) - (late?.sentAtMs ?? 0)).toBeGreaterThan(3);
    await heartbeats.close();
  });

  test("complain when no partition takes them, and only then", async () => {
    const { start, refusing, errors } = newTopic();
    refusing.add(0).add(1);
    const heartbeats = start();
    await heartbeats.beat();
    expect(errors).toEqual([]);
    refusing.add(2);
    await heartbeats.beat();
    expect(errors).toHaveLength(1);
  });

  test("stay in order when somebody sets the clock back", async () => {
    const { start, taken, setClock } = newTopic();
    const heartbeats = start();
    setClock(-300_000);
    await heartbeats.beat();
    const times = taken[1]?.map((beat) => (beat === "farewell" ? 0 : beat.sentAtMs));
    expect(times).toHaveLength(2);
    expect(times?.[1]).toBeGreaterThan(times?.[0] ?? 0);
  });

  test("end with a farewell everywhere, and do not wait for long to say it", async () => {
    const { start, taken, hanging } = newTopic();
    const heartbeats = start();
    await heartbeats.beat();
    hanging.set(2, () => {});
    const startedAtMs = performance.now();
    await heartbeats.close();
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
    expect([taken[0]?.at(-1), taken[1]?.at(-1)]).toEqual(["farewell", "farewell"]);
  });
});
