/**
 * Ends the processes of a cluster whose supervisor was killed. A program of its own: it waits at a
 * pipe that closes when the supervisor ends, however that happens; told "down", it just leaves.
 */
import type { ProcessIdentity } from "@segue/local-services";
import { endLeftovers, readClusterState } from "./cluster-state.ts";

const [stateFile = "", supervisorText = "{}"] = process.argv.slice(2);
let told = "";
for await (const text of process.stdin.setEncoding("utf8")) told += String(text);
if (!told.includes("down")) await reap(JSON.parse(supervisorText) as ProcessIdentity);

async function reap({ pid, startTime }: ProcessIdentity): Promise<void> {
  const state = readClusterState(stateFile);
  // The processes of a supervisor that was started since are not ours.
  if (state?.supervisor.pid !== pid || state.supervisor.startTime !== startTime) return;
  const ended = await endLeftovers(state);
  console.error(`The supervisor (pid ${pid}) was killed; ended ${ended.join(", ")}.`);
}
