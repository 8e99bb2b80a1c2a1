/**
 * The way of a request through the processes, as lanes from the callers to the last stage, with the
 * topic that leads into each.
 */
import type { TopicLag } from "../api/system-wire.ts";
import type { SeenProcess } from "./seen-process.ts";

export interface LaneGroup {
  /** The topic that brings work here; null where calls arrive by HTTP. */
  readonly topic: string | null;
  /** Only where a stage has several. */
  readonly shard: number | null;
  readonly processes: readonly SeenProcess[];
}

export interface Lane {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  readonly groups: readonly LaneGroup[];
}

export interface Topology {
  readonly lanes: readonly Lane[];
  /** Beside that way: what gRPC clients call. */
  readonly analytics: readonly SeenProcess[];
  readonly brokers: readonly SeenProcess[];
  readonly databases: readonly SeenProcess[];
}

const REQUESTS_TOPIC = "rec.requests.v1";

export function topologyOf(processes: readonly SeenProcess[]): Topology {
  const inRole = (role: string) => processes.filter((process) => process.role === role);
  const balancers = inRole("balancer");
  return {
    lanes: [
      ...(balancers.length === 0
        ? []
        : [
            {
              key: "balancer",
              title: "Balancer",
              detail: "callers arrive",
              groups: [plain(balancers)],
            },
          ]),
      { key: "api", title: "API", detail: "checks and answers", groups: [plain(inRole("api"))] },
      {
        key: "dispatcher",
        title: "Dispatchers",
        detail: "plan and merge",
        groups: [{ ...plain(inRole("dispatcher")), topic: REQUESTS_TOPIC }],
      },
      ...stageLanes(inRole("compute")),
    ],
    analytics: inRole("analytics"),
    brokers: inRole("broker"),
    databases: inRole("database"),
  };
}

/** Everything waiting in a topic, over its groups; null when nobody reads it in a group. */
export function lagOf(topic: string, lag: readonly TopicLag[]): number | null {
  const entries = lag.filter((entry) => entry.topic === topic);
  return entries.length === 0 ? null : entries.reduce((sum, entry) => sum + entry.lag, 0);
}

/** Without what all topics have in common. */
export function topicName(topic: string): string {
  return topic.replace(/\.v\d+$/, "");
}

function plain(processes: readonly SeenProcess[]): LaneGroup {
  return { topic: null, shard: null, processes };
}

function stageLanes(nodes: readonly SeenProcess[]): readonly Lane[] {
  const count = Math.max(0, ...nodes.map(({ stage, stageCount }) => stageCount ?? stage ?? 0));
  return Array.from({ length: count }, (_, index) => {
    const stage = index + 1;
    const own = nodes.filter((node) => node.stage === stage);
    const layers = own.find((node) => node.layers !== null)?.layers ?? null;
    return {
      key: `stage-${stage}`,
      title: `Stage ${stage}`,
      detail: layers === null ? "no replica" : layersName(layers),
      groups: shardGroups(stage, own),
    };
  });
}

/** A shard or stage that nobody serves is there all the same, empty. */
function shardGroups(stage: number, nodes: readonly SeenProcess[]): readonly LaneGroup[] {
  const shardCount = Math.max(
    1,
    ...nodes.map(({ shard, shardCount }) => shardCount ?? (shard ?? 0) + 1),
  );
  return Array.from({ length: shardCount }, (_, shard) => ({
    topic: shardCount === 1 ? `rec.stage.${stage}.v1` : `rec.stage.${stage}.${shard}.v1`,
    shard: shardCount === 1 ? null : shard,
    processes: nodes.filter((node) => (node.shard ?? 0) === shard),
  }));
}

export function layersName(layers: string): string {
  return layers.includes("-") ? `layers ${layers.replace("-", "–")}` : `layer ${layers}`;
}
