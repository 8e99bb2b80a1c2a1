/** What ending a process would mean, where somebody would notice. */
import { isServing, type SeenProcess } from "./seen-process.ts";

/** Null: a replica takes over. */
export function orderWarning(
  process: SeenProcess,
  processes: readonly SeenProcess[],
): string | null {
  const { role, replica, stage, shard } = process;
  switch (role) {
    case "broker":
      return `${replica} carries a share of every topic. The others take over within seconds; requests that wait for it meanwhile are late.`;
    case "database":
      return "Recommendations go on without the database; plays, receipts and searches by name wait for it.";
    case "balancer":
      return "Everybody comes through the balancer, this page too: from here you could not revive it.";
    default:
  }
  const isTwin = (other: SeenProcess) =>
    other.role === role && other.stage === stage && other.shard === shard;
  const others = processes.filter((other) => other.replica !== replica && isTwin(other));
  if (others.some(isServing)) return null;
  return LAST_WARNINGS[role] ?? NO_OTHER;
}

const LAST_WARNINGS: Readonly<Record<string, string>> = {
  api: "This is the last API server that serves: this page would lose its connection.",
  analytics:
    "No other analytics process serves: until it returns, gRPC clients and segue analyze are refused. Recommendations and statistics go on.",
};
const NO_OTHER =
  "No other replica does its work: until it returns, answers come from neighbour lists and say so.";
