/** The state of the whole in one sentence: what it means for a request that comes now. */
import type { BreakerState } from "../api/system-wire.ts";
import { isDown, isServing, type SeenProcess } from "./seen-process.ts";
import type { SystemWatch } from "./system-watch.ts";
import { topologyOf } from "./topology.ts";

export interface SystemSummary {
  readonly tone: "well" | "doubtful" | "bad";
  readonly title: string;
  readonly detail: string;
}

export function summaryOf(watch: SystemWatch): SystemSummary {
  const { processes, state } = watch;
  const unserved = partsWithout(watch, () => true);
  if (unserved.length > 0) {
    const which = listed(unserved);
    const title = `${which} ${unserved.length === 1 ? "has" : "have"} no serving replica`;
    const detail =
      "Requests are answered from neighbour lists or trending songs, and say so, until one returns.";
    return { tone: "bad", title, detail };
  }
  if (state !== null && !state.bus.isReachable) {
    const cause = state.bus.problem === null ? "" : `${state.bus.problem.replace(/\.$/, "")}. `;
    const detail = `${cause}Requests are answered from neighbour lists meanwhile.`;
    return { tone: "bad", title: "The bus does not answer", detail };
  }
  const mistrusted = partsWithout(watch, (process) => isTrusted(process, state?.breakers ?? []));
  if (mistrusted.length > 0) {
    const title = `Every breaker of ${listed(mistrusted)} is open`;
    const detail =
      "Answers came too late or not at all. Requests are answered from neighbour lists, and say so, until a try succeeds.";
    return { tone: "bad", title, detail };
  }
  const missing = LONE_PARTS.find(({ role }) => isMissing(role, processes));
  if (missing !== undefined) {
    return { tone: "doubtful", title: missing.title, detail: missing.detail };
  }
  const down = processes.filter((process) => isDown(process) && !process.isGone);
  if (down.length > 0) {
    const names = listed(down.map(({ replica }) => replica));
    const title = `${names} ${down.length === 1 ? "is" : "are"} down; requests go around`;
    return {
      tone: "doubtful",
      title,
      detail: "A replica of each part is left, so nobody notices.",
    };
  }
  const open = new Set(
    (state?.breakers ?? [])
      .filter(({ state: is }) => is !== "closed")
      .map(({ replica }) => replica),
  );
  if (open.size > 0) {
    const title = `Nothing is sent to ${listed([...open])} for now`;
    return {
      tone: "doubtful",
      title,
      detail: "Its last answers failed; one request at a time tries it again.",
    };
  }
  const changing = processes.filter((process) => !isServing(process) && !process.isGone);
  if (changing.length > 0) {
    const names = listed(changing.map(({ replica }) => replica));
    const title = `${names} ${changing.length === 1 ? "is" : "are"} not ready yet`;
    return { tone: "doubtful", title, detail: "Requests go to the others meanwhile." };
  }
  return {
    tone: "well",
    title: "Everything serves",
    detail: `${processes.filter(isServing).length} of ${processes.length} are ready, and every breaker is closed.`,
  };
}

/** Beside the way of a request, so that it is answered all the same. */
const LONE_PARTS = [
  {
    role: "database",
    title: "The database does not serve",
    detail: "Recommendations go on without it; plays, receipts and searches by name wait for it.",
  },
  {
    role: "balancer",
    title: "The balancer does not serve",
    detail: "Callers that come through it are not answered until it returns.",
  },
  {
    role: "analytics",
    title: "No analytics process serves",
    detail: "gRPC clients are refused until one returns; recommendations and statistics go on.",
  },
] as const;

/** Known, and none of its kind serves. */
function isMissing(role: string, processes: readonly SeenProcess[]): boolean {
  const own = processes.filter((process) => process.role === role && !process.isGone);
  return own.length > 0 && !own.some(isServing);
}

/** A dispatcher that has not said otherwise trusts everybody. */
function isTrusted({ replica }: SeenProcess, breakers: readonly BreakerState[]): boolean {
  const about = breakers.filter((breaker) => breaker.replica === replica);
  return about.length === 0 || about.some(({ state }) => state === "closed");
}

/** The parts of the way of a request where no serving process is as asked. */
function partsWithout(
  { processes }: SystemWatch,
  isFit: (process: SeenProcess) => boolean,
): readonly string[] {
  return topologyOf(processes).lanes.flatMap((lane) => {
    if (lane.key === "balancer") return [];
    return lane.groups
      .filter((group) => !group.processes.some((process) => isServing(process) && isFit(process)))
      .map(({ shard }) => {
        if (lane.key === "dispatcher") return "The dispatcher group";
        if (lane.key === "api") return "The API";
        return shard === null ? lane.title : `${lane.title}, shard ${shard},`;
      });
  });
}

function listed(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} and ${names.length - 2} others`;
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
