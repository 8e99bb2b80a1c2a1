/** The system as React hooks: looked at once a second while the page is in view. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { parseSystem } from "../api/system-wire.ts";
import { NOTHING_SEEN, type SystemWatch, watched } from "./system-watch.ts";

const LOOK_INTERVAL_MS = 1_000;
/** Longer than the balancer's patience with one API server, twice. */
const ANSWER_WITHIN_MS = 4_000;
/** What was seen is remembered while the page is elsewhere, such as at a receipt. */
const REMEMBERED_MS = 30 * 60_000;

const KEY = ["system"] as const;

export function useSystem() {
  const client = useQueryClient();
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
      const state = await request("/v1/system", parseSystem, { signal: within });
      return watched(client.getQueryData<SystemWatch>(KEY) ?? NOTHING_SEEN, state);
    },
    refetchInterval: LOOK_INTERVAL_MS,
    refetchOnWindowFocus: "always",
    structuralSharing: false,
    gcTime: REMEMBERED_MS,
    retry: false,
  });
}

export type ProcessOrder = "kill" | "pause" | "resume" | "drain" | "revive";

const SIGNALS: Readonly<Record<Exclude<ProcessOrder, "revive">, string>> = {
  kill: "SIGKILL",
  pause: "SIGSTOP",
  resume: "SIGCONT",
  drain: "SIGTERM",
};

/** Asks the supervisor of the local cluster to do something with a process. */
export function useProcessOrder(replica: string) {
  const client = useQueryClient();
  return useMutation({
    mutationKey: ["process", replica],
    mutationFn: async (order: ProcessOrder) => {
      const path = `/v1/system/processes/${encodeURIComponent(replica)}`;
      return order === "revive"
        ? request(`${path}/revive`, () => null, { body: {} })
        : request(`${path}/kill`, () => null, { body: { signal: SIGNALS[order] } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
