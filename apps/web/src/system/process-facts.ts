/** What is known of one process, as names and values. */
import { formatSpan } from "./changes.ts";
import { loadWording } from "./health-wording.ts";
import { isDown, type SeenProcess } from "./seen-process.ts";
import { layersName, topicName } from "./topology.ts";

type Fact = readonly [name: string, value: string | number];

export function factsOf(process: SeenProcess, nowMs: number): readonly Fact[] {
  const { pid, version, modelVersions, startedAtMs, heardAtMs } = process;
  const { topic, ownedPartitions, memoryBytes } = process;
  const isUp = !isDown(process);
  const facts: (Fact | null)[] = [
    ["Role", roleName(process)],
    modelVersions.length === 0 ? null : ["Model", modelVersions.join(", ")],
    isUp && heardAtMs !== null ? ["Load", loadWording(process)] : null,
    isUp && topic !== null
      ? [`Owns of ${topicName(topic)}`, partitionsWording(ownedPartitions)]
      : null,
    isUp && startedAtMs !== null ? ["Up for", upWording(process, nowMs - startedAtMs)] : null,
    isUp || heardAtMs === null ? null : ["Last heard", `${formatSpan(nowMs - heardAtMs)} ago`],
    memoryBytes === null ? null : ["Memory", `${Math.round(memoryBytes / 2 ** 20)} MiB`],
    pid === null ? null : ["Process id", pid],
    ...addressFacts(process),
    version === null ? null : ["Product", `Segue ${version}`],
  ];
  return facts.filter((fact) => fact !== null);
}

/** Neighbouring numbers as spans: "0–3, 7". */
export function partitionsWording(partitions: readonly number[]): string {
  if (partitions.length === 0) return "no partition";
  const spans: { from: number; to: number }[] = [];
  for (const partition of partitions.toSorted((left, right) => left - right)) {
    const last = spans.at(-1);
    if (last !== undefined && last.to === partition - 1) last.to = partition;
    else spans.push({ from: partition, to: partition });
  }
  const texts = spans.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
  return `partition${partitions.length === 1 ? "" : "s"} ${texts.join(", ")}`;
}

const ROLE_NAMES: Readonly<Record<string, string>> = {
  api: "API server",
  dispatcher: "Dispatcher",
  analytics: "Analytics, over gRPC",
  balancer: "Load balancer",
  broker: "Kafka broker",
  database: "Database",
};

/** Who answers gRPC tells its health and figures elsewhere. */
function addressFacts({ role, port, address }: SeenProcess): readonly Fact[] {
  const isApart = role === "analytics" && port !== null;
  const facts: (Fact | null)[] = [
    isApart ? ["gRPC", `port ${port}`] : null,
    isApart && address !== null ? ["Health, metrics", address] : null,
    isApart || (address === null && port === null) ? null : ["Address", address ?? `port ${port}`],
  ];
  return facts.filter((fact) => fact !== null);
}

function roleName({ role, layers, stage, stageCount, shard, shardCount }: SeenProcess): string {
  if (role !== "compute") return ROLE_NAMES[role] ?? role;
  const place = `Stage ${stage ?? "?"}${stageCount === null ? "" : ` of ${stageCount}`}`;
  const part =
    shardCount === null || shardCount === 1 ? "" : `, shard ${shard ?? 0} of ${shardCount}`;
  return `${place}${part}${layers === null ? "" : `: ${layersName(layers)}`}`;
}

function upWording({ restarts }: SeenProcess, ms: number): string {
  if (restarts === null || restarts === 0) return formatSpan(ms);
  return `${formatSpan(ms)}, ${restarts} ${restarts === 1 ? "restart" : "restarts"}`;
}
