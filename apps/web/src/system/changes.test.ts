import { describe, expect, it } from "vitest";
import type { Process, SystemState } from "../api/system-wire.ts";
import { formatSpan } from "./changes.ts";
import {
  START_MS,
  sampleProcess,
  sampleProcesses,
  sampleState,
  watchedAll,
  withChanged,
} from "./testing/sample-system.ts";

/** What is told, oldest first, when api-2 goes through these in steps of one second. */
function toldOf(...steps: readonly (Partial<Process> | null)[]): readonly string[] {
  const states = steps.map((step, index) => {
    const heardAtMs = START_MS + index * 1_000;
    const processes = withChanged(sampleProcesses(), { "api-2": { heardAtMs, ...step } });
    const present = processes.filter(({ replica }) => step !== null || replica !== "api-2");
    return sampleState({ atMs: heardAtMs, processes: present });
  });
  return textsOf(...states);
}

function textsOf(...states: readonly SystemState[]): readonly string[] {
  return watchedAll(...states)
    .changes.map(({ text }) => text)
    .toReversed();
}

describe("what has changed", () => {
  it("is nothing at the first look and while nothing happens", () => {
    expect(toldOf({})).toEqual([]);
    expect(toldOf({}, { inFlight: 7 }, {})).toEqual([]);
  });

  it("tells of a death and of the time until the process served again", () => {
    const died = { health: "dead", pid: null } as const;
    const reborn = { pid: 101, startedAtMs: START_MS + 2_000 };
    expect(toldOf({}, died, { ...reborn, health: "starting" }, reborn)).toEqual([
      "api-2 died by itself",
      "api-2 is starting",
      "api-2 serves again after 2.0 s",
    ]);
  });

  it("tells of silence, a pause, draining and farewell", () => {
    expect(toldOf({}, { health: "silent", heardAtMs: START_MS }, {})).toEqual([
      "api-2 has fallen silent",
      "api-2 serves again after 1.0 s",
    ]);
    expect(toldOf({}, { health: "paused" })).toEqual(["api-2 is paused"]);
    expect(toldOf({}, { health: "draining" }, null)).toEqual([
      "api-2 drains: it ends its work, then leaves",
      "api-2 said farewell and left",
    ]);
  });

  it("tells of a restart so quick that nobody saw the process down", () => {
    expect(toldOf({}, { pid: 101, startedAtMs: START_MS })).toEqual(["api-2 was started again"]);
  });

  it("tells who joined", () => {
    const more = [...sampleProcesses(), sampleProcess({ replica: "api-4" })];
    const next = sampleState({ atMs: START_MS + 1_000, processes: more });
    expect(textsOf(sampleState(), next)).toEqual(["api-4 has joined"]);
  });

  it("tells what breakers do", () => {
    const withBreaker = (state: string) =>
      sampleState({
        breakers: [{ dispatcher: "dispatcher-1", replica: "compute-2-1", state, failures: 2 }],
      });
    const states = ["closed", "open", "half-open", "closed"].map(withBreaker);
    expect(textsOf(sampleState(), ...states)).toEqual([
      "dispatcher-1 gave up on compute-2-1",
      "dispatcher-1 tries compute-2-1 once",
      "dispatcher-1 trusts compute-2-1 again",
    ]);
  });

  it("tells of the bus and of another model", () => {
    const away = { isReachable: false, problem: "no broker", brokers: [] };
    expect(
      textsOf(sampleState(), sampleState({ bus: away }), sampleState({ modelVersion: "v2" })),
    ).toEqual(["The bus does not answer", "The bus answers again", "Model v2 is served now"]);
  });

  it("puts the worst of one moment first", () => {
    const next = sampleState({
      processes: [
        ...withChanged(sampleProcesses(), { "compute-3-1": { health: "paused" } }),
        sampleProcess({ replica: "api-4" }),
      ],
    });
    expect(watchedAll(sampleState(), next).changes.map(({ tone }) => tone)).toEqual([
      "bad",
      "good",
    ]);
  });
});

describe("a span of time", () => {
  it.each([
    [-5, "0.0 s"],
    [340, "0.3 s"],
    [12_400, "12 s"],
    [150_000, "3 min"],
    [3 * 3_600_000, "3 h"],
    [72 * 3_600_000, "3 days"],
  ])("of %d ms is %s", (ms, text) => {
    expect(formatSpan(ms)).toBe(text);
  });
});
