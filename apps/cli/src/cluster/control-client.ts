/** Talks to the supervisor of the cluster on this machine. */
import { type IncomingMessage, request } from "node:http";
import { createInterface } from "node:readline";
import { AppError, CODE_TABLE, type ErrorCode } from "@segue/errors";
import type { StepListener } from "@segue/local-services";
import type { ClusterView } from "./cluster.ts";
import { type ClusterFolder, shownPath } from "./cluster-folder.ts";
import { STEPS_TYPE } from "./control-server.ts";
import { SUPERVISOR_LOG } from "./log-files.ts";
import type { ProcessView } from "./supervised-process.ts";

export interface ControlClient {
  view(): Promise<ClusterView>;
  kill(replica: string, signal: string): Promise<ProcessView>;
  revive(replica: string): Promise<ProcessView>;
  scale(order: Readonly<Record<string, unknown>>, onStep: StepListener): Promise<ClusterView>;
  restart(
    replicas: readonly string[],
    onStep: StepListener,
  ): Promise<{ readonly restarted: readonly string[] }>;
  down(onStep: StepListener): Promise<void>;
}

/** Every call throws CLUSTER_UNAVAILABLE when no supervisor listens there. */
export function createControlClient(folder: ClusterFolder): ControlClient {
  const call = <Result>(
    method: string,
    path: string,
    body?: unknown,
    onStep: StepListener = () => undefined,
  ) => callControl(folder, { method, path, body, onStep }) as Promise<Result>;
  const pathOf = (replica: string, action: string) =>
    `/processes/${encodeURIComponent(replica)}/${action}`;
  return {
    view: () => call("GET", "/processes"),
    kill: (replica, signal) => call("POST", pathOf(replica, "kill"), { signal }),
    revive: (replica) => call("POST", pathOf(replica, "revive")),
    scale: (order, onStep) => call("POST", "/scale", order, onStep),
    restart: (replicas, onStep) => call("POST", "/restart", { replicas }, onStep),
    down: (onStep) => call("POST", "/down", undefined, onStep),
  };
}

interface ControlCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly onStep: StepListener;
}

interface AnswerLine {
  readonly step?: string;
  readonly result?: unknown;
  readonly problem?: { readonly code: string; readonly detail: string };
}

/** A rolling restart goes through every process; silence of this length is a supervisor that hangs. */
const SILENCE_MS_MAX = 180_000;
const VIEW_TIMEOUT_MS = 10_000;

async function callControl(
  folder: ClusterFolder,
  { method, path, body, onStep }: ControlCall,
): Promise<unknown> {
  const response = await send(folder, method, path, body);
  try {
    for await (const text of createInterface({ input: response })) {
      const line = JSON.parse(text) as AnswerLine;
      if (line.step !== undefined) onStep(line.step);
      else if (line.problem !== undefined) throw toControlError(line.problem);
      else return line.result;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
  }
  throw new AppError(
    "CLUSTER_UNAVAILABLE",
    `The cluster's supervisor ended meanwhile; ${shownPath(folder.logFile(SUPERVISOR_LOG))} may tell why.`,
  );
}

async function send(
  folder: ClusterFolder,
  method: string,
  path: string,
  body: unknown,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request(
    { socketPath: folder.controlSocket, method, path, headers: { accept: STEPS_TYPE } },
    resolve,
  );
  outgoing.setTimeout(method === "GET" ? VIEW_TIMEOUT_MS : SILENCE_MS_MAX, () =>
    outgoing.destroy(new Error("silence")),
  );
  outgoing.once("error", reject);
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  try {
    return await promise;
  } catch (error) {
    if ((error as Error).message === "silence") {
      throw new AppError(
        "CLUSTER_UNAVAILABLE",
        `The cluster's supervisor in ${shownPath(folder.path)} does not answer; end it and start again.`,
        { cause: error },
      );
    }
    throw new AppError(
      "CLUSTER_UNAVAILABLE",
      `No cluster runs in ${shownPath(folder.path)}; start one with \`segue cluster up\`, or set ` +
        "SEGUE_DATA_DIR to the folder of the one that runs.",
      { cause: error },
    );
  }
}

function toControlError({ code, detail }: { code: string; detail: string }): AppError {
  return new AppError(isErrorCode(code) ? code : "INTERNAL", detail);
}

function isErrorCode(code: string): code is ErrorCode {
  return code in CODE_TABLE;
}
