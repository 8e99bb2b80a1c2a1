/** Where the analytics processes of a cluster answer; chosen before any starts, as each is told of all. */
import { chooseFreePort } from "@segue/local-services";
import type { ClusterFolder } from "./cluster-folder.ts";
import type { ProcessPlan } from "./cluster-plan.ts";

export interface AnalyticsNode {
  readonly replica: string;
  readonly grpcPort: number;
  /** Of health and metrics. */
  readonly operationsPort: number;
}

type Settings = Readonly<Record<string, string>>;

export async function planAnalyticsNodes(
  plans: readonly ProcessPlan[],
  folder: ClusterFolder,
): Promise<readonly AnalyticsNode[]> {
  const own = plans.filter(({ role }) => role === "analytics");
  return Promise.all(
    own.map(async ({ replica }) => ({
      replica,
      grpcPort: await chooseFreePort(`${folder.path} ${replica} grpc`),
      operationsPort: await chooseFreePort(`${folder.path} ${replica}`),
    })),
  );
}

/**
 * Shares of a large call go to the others: what no other one counts, the process that got the call
 * counts itself.
 *
 * @param given by the operator, who may choose other nodes and threads
 */
export function analyticsSettings(
  { replica, grpcPort }: AnalyticsNode,
  nodes: readonly AnalyticsNode[],
  given: Settings,
): Settings {
  const others = nodes.filter((node) => node.replica !== replica);
  return {
    SEGUE_MAPREDUCE_NODES: others.map((node) => `127.0.0.1:${node.grpcPort}`).join(","),
    // All of them share the cores of this machine.
    SEGUE_MAPREDUCE_THREADS: "1",
    ...ofOperator(given),
    SEGUE_GRPC_HOST: "127.0.0.1",
    SEGUE_GRPC_PORTS: String(grpcPort),
  };
}

function ofOperator(given: Settings): Settings {
  const names = ["SEGUE_MAPREDUCE_NODES", "SEGUE_MAPREDUCE_THREADS"];
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
}
