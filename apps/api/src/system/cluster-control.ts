/** Speaks to the supervisor of a local cluster: HTTP over the unix socket that it serves. */
import { request } from "node:http";
import { AppError, toAppError } from "@segue/errors";
import { z } from "zod";

export type ProcessSignal = "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT";

export interface ClusterControl {
  /** Every process that the supervisor started. CLUSTER_UNAVAILABLE. */
  state(): Promise<ClusterState>;
  /**
   * Resolves false when the supervisor took the order and is still busy with it: the order stands.
   * PROCESS_UNKNOWN, REQUEST_INVALID, CLUSTER_UNAVAILABLE.
   */
  kill(replica: string, signal: ProcessSignal): Promise<boolean>;
  revive(replica: string): Promise<boolean>;
}

export type ClusterState = z.output<typeof stateSchema>;
export type SupervisedProcess = ClusterState["processes"][number];

const processSchema = z.object({
  role: z.string(),
  stage: z.int().nullable(),
  shard: z.int().nullable(),
  replica: z.string(),
  pid: z.int().nullable(),
  port: z.int().nullable(),
  operationsPort: z.int().optional(),
  health: z.enum(["starting", "ready", "unready", "stopped", "dead", "paused"]),
  startedAt: z.string().nullable(),
  restarts: z.int(),
  memoryBytes: z.number().nullish(),
  detail: z.string().nullish(),
});
const stateSchema = z.object({
  address: z.string().nullable(),
  analytics: z.array(z.string()).default([]),
  processes: z.array(processSchema),
});

/** It asks every process before it answers, and one may be slow to say how it fares. */
const STATE_WITHIN_MS = 5_000;
/** The balancer in front asks another API server after 1.5 s of silence. */
const ORDER_WITHIN_MS = 800;

export function createClusterControl(socketPath: string): ClusterControl {
  const order = async (replica: string, verb: string, body: object): Promise<boolean> => {
    const path = `/processes/${encodeURIComponent(replica)}/${verb}`;
    const call = { method: "POST", path, body: JSON.stringify(body) } as const;
    const answer = await send(socketPath, call, ORDER_WITHIN_MS);
    if (answer !== "late") assertTaken(answer);
    return answer !== "late";
  };
  return {
    async state() {
      const call = { method: "GET", path: "/processes" } as const;
      const answer = await send(socketPath, call, STATE_WITHIN_MS);
      if (answer === "late") throw unavailable(`has not answered for ${STATE_WITHIN_MS / 1_000} s`);
      assertTaken(answer);
      return stateOf(answer.text);
    },
    kill: (replica, signal) => order(replica, "kill", { signal }),
    revive: (replica) => order(replica, "revive", {}),
  };
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

function send(
  socketPath: string,
  { method, path, body = "" }: Call,
  withinMs: number,
): Promise<Answered | "late"> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered | "late">();
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const call = request({ socketPath, method, path, headers, agent: false });
  const timer = setTimeout(() => {
    resolve("late");
    // An order is not taken back for being slow.
    if (method === "GET") call.destroy();
  }, withinMs);
  const fail = (cause: Error) => {
    clearTimeout(timer);
    reject(unavailable(`cannot be reached (${cause.message})`, cause));
  };
  call.on("error", fail);
  call.on("response", (response) => {
    const parts: Buffer[] = [];
    response.on("data", (part: Buffer) => parts.push(part));
    response.on("error", fail);
    response.on("end", () => {
      clearTimeout(timer);
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
    });
  });
  call.end(body);
  return promise;
}

function assertTaken({ status, text }: Answered): void {
  if (status >= 200 && status < 300) return;
  const detail = detailOf(text) ?? `The supervisor of the cluster answered ${status}`;
  if (status === 404) throw new AppError("PROCESS_UNKNOWN", detail);
  if (status < 500) throw new AppError("REQUEST_INVALID", detail);
  throw new AppError("CLUSTER_UNAVAILABLE", detail);
}

function stateOf(text: string): ClusterState {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw unavailable("answers in a form that this version does not know", cause);
  }
}

function detailOf(text: string): string | undefined {
  try {
    return z.object({ detail: z.string() }).parse(JSON.parse(text)).detail;
  } catch {
    return undefined;
  }
}

function unavailable(what: string, cause?: unknown): AppError {
  const message = `The supervisor of the local cluster ${what}; see whether \`segue cluster up\` still runs`;
  return new AppError(
    "CLUSTER_UNAVAILABLE",
    message,
    cause === undefined ? {} : { cause: toAppError(cause) },
  );
}
