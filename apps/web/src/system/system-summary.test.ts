import { describe, expect, it } from "vitest";
import type { Process } from "../api/system-wire.ts";
import { summaryOf } from "./system-summary.ts";
import {
  sampleProcess,
  sampleProcesses,
  sampleState,
  watchedAll,
  withChanged,
} from "./testing/sample-system.ts";

function summaryWith(changes: Readonly<Record<string, Partial<Process>>>) {
  return summaryOf(watchedAll(sampleState({ processes: withChanged(sampleProcesses(), changes) })));
}

const DEAD = { health: "dead", pid: null } as const;

describe("the summary", () => {
  it("says that everything serves", () => {
    expect(summaryWith({})).toMatchObject({ tone: "well", title: "Everything serves" });
  });

  it("says that a loss is covered while a replica is left", () => {
    expect(summaryWith({ "compute-2-1": DEAD })).toMatchObject({
      tone: "doubtful",
      title: "compute-2-1 is down; requests go around",
    });
    expect(
      summaryWith({ "compute-2-1": DEAD, "api-2": DEAD, "api-3": DEAD, "compute-1-1": DEAD }).title,
    ).toBe("api-2, api-3 and 2 others are down; requests go around");
  });

  it("says what degradation means when a stage is lost", () => {
    const lost = summaryWith({ "compute-2-1": DEAD, "compute-2-2": { health: "silent" } });
    expect(lost).toMatchObject({ tone: "bad", title: "Stage 2 has no serving replica" });
    expect(lost.detail).toContain("neighbour lists");
    const both = summaryWith({ "dispatcher-1": DEAD, "dispatcher-2": DEAD });
    expect(both.title).toBe("The dispatcher group has no serving replica");
  });

  it.each([
    ["database", "The database does not serve"],
    ["balancer", "The balancer does not serve"],
    ["analytics-1", "No analytics process serves"],
  ])("claims no replica of a lone %s, and no loss of lists", (replica, title) => {
    const lost = sampleProcess({ replica, ...DEAD });
    const summary = summaryOf(watchedAll(sampleState({ processes: [...sampleProcesses(), lost] })));
    expect(summary).toMatchObject({ tone: "doubtful", title });
  });

  it("says that a loss of one of two analytics processes is covered", () => {
    const two = [
      sampleProcess({ replica: "analytics-1" }),
      sampleProcess({ replica: "analytics-2", ...DEAD }),
    ];
    const state = sampleState({ processes: [...sampleProcesses(), ...two] });
    expect(summaryOf(watchedAll(state)).title).toBe("analytics-2 is down; requests go around");
  });

  it("says that nothing is sent to a replica whose breaker is open", () => {
    const breakers = [
      { dispatcher: "dispatcher-1", replica: "compute-1-1", state: "open", failures: 2 },
    ];
    const { title, tone } = summaryOf(watchedAll(sampleState({ breakers })));
    expect([tone, title]).toEqual(["doubtful", "Nothing is sent to compute-1-1 for now"]);
  });

  it("says so when every replica of a stage is mistrusted, however alive it is", () => {
    const breakers = ["compute-2-1", "compute-2-2"].flatMap((replica) =>
      ["dispatcher-1", "dispatcher-2"].map((dispatcher) => {
        return { dispatcher, replica, state: "open", failures: 3 };
      }),
    );
    const summary = summaryOf(watchedAll(sampleState({ breakers })));
    expect(summary).toMatchObject({ tone: "bad", title: "Every breaker of Stage 2 is open" });
    const half = breakers.map((breaker, index) =>
      index === 0 ? { ...breaker, state: "closed" } : breaker,
    );
    expect(summaryOf(watchedAll(sampleState({ breakers: half }))).tone).toBe("doubtful");
  });

  it("says that the bus is away, with its reason", () => {
    const bus = { isReachable: false, problem: "No broker answers.", brokers: [] };
    const summary = summaryOf(watchedAll(sampleState({ bus })));
    expect(summary).toMatchObject({ tone: "bad", title: "The bus does not answer" });
    expect(summary.detail).toContain("No broker answers.");
  });

  it("says who is not ready yet", () => {
    expect(summaryWith({ "api-3": { health: "starting" } }).title).toBe("api-3 is not ready yet");
  });
});
