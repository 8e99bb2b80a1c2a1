/** How a running cluster is watched and changed from outside: HTTP over a Unix socket. */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { AppError, codeFactsFor, toAppError, toProblem } from "@segue/errors";
import type { StepListener } from "@segue/local-services";
import type { Cluster } from "./cluster.ts";
import type { ScaleOrder } from "./scale-order.ts";
import type { KillSignal } from "./supervised-process.ts";

export interface ControlServer {
  close(): Promise<void>;
}

export interface ControlOptions {
  readonly socket: string;
  readonly cluster: Cluster;
  /** Ends everything; resolves when it has. */
  readonly down: (onStep: StepListener) => Promise<void>;
}

/** Of a caller that asks for it (`Accept: application/x-ndjson`): a line a step, then the result. */
export const STEPS_TYPE = "application/x-ndjson";

const KILL_SIGNALS: readonly KillSignal[] = ["SIGKILL", "SIGTERM", "SIGSTOP", "SIGCONT"];
const BODY_BYTES_MAX = 64 * 1024;

type Body = Readonly<Record<string, unknown>>;

interface Call {
  readonly cluster: Cluster;
  readonly down: ControlOptions["down"];
  readonly body: Body;
  readonly onStep: StepListener;
}

/** Only this user may connect. */
export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const { socket } = options;
  // The lock is held, so that whoever listened there is gone.
  rmSync(socket, { force: true });
  const server = createServer((request, response) => void answer(options, request, response));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(socket, resolve);
  await promise;
  chmodSync(socket, 0o600);
  return {
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeIdleConnections();
      await closed.promise;
    },
  };
}

async function answer(
  { cluster, down }: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wantsSteps = request.headers.accept === STEPS_TYPE;
  response.setHeader("connection", "close");
  const onStep = (step: string) => {
    if (wantsSteps) response.write(`${JSON.stringify({ step })}\n`);
  };
  try {
    const body = await readBody(request);
    if (wantsSteps) response.setHeader("content-type", STEPS_TYPE);
    // Whoever asked may leave; what was begun is finished.
    response.on("error", () => undefined);
    const result = await run(request, { cluster, down, body, onStep });
    if (!wantsSteps) response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(wantsSteps ? { result } : result));
  } catch (thrown) {
    answerFailure(toAppError(thrown), wantsSteps, response);
  }
}

function answerFailure(error: AppError, wantsSteps: boolean, response: ServerResponse): void {
  // Whoever may connect may also read the logs: nothing needs to be hidden.
  const problem = { ...toProblem(error), detail: error.message };
  if (wantsSteps) {
    // A step may have been sent already.
    if (!response.headersSent) response.setHeader("content-type", STEPS_TYPE);
    response.end(JSON.stringify({ problem }));
    return;
  }
  response.statusCode = codeFactsFor(error.code).httpStatus ?? 500;
  response.setHeader("content-type", "application/problem+json");
  response.end(JSON.stringify(problem));
}

async function run({ method, url = "/" }: IncomingMessage, call: Call): Promise<unknown> {
  const { cluster, body, onStep } = call;
  const path = new URL(url, "http://cluster").pathname;
  const [, replica = "", action] = /^\/processes\/([^/]+)\/(kill|revive)$/.exec(path) ?? [];
  const route = `${method} ${action === undefined ? path : `/processes/*/${action}`}`;
  switch (route) {
    case "GET /processes":
      return cluster.view();
    case "POST /processes/*/kill":
      return cluster.kill(replica, killSignalOf(body));
    case "POST /processes/*/revive":
      return cluster.revive(replica);
    case "POST /scale":
      await cluster.scale(scaleOrderOf(body), onStep);
      return cluster.view();
    case "POST /restart":
      return { restarted: await cluster.restart(namesOf(body), onStep) };
    case "POST /down":
      await call.down(onStep);
      return {};
    default:
      throw new AppError("ROUTE_UNKNOWN", `A cluster has no ${method} ${path}.`);
  }
}

async function readBody(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_BYTES_MAX) throw new AppError("PAYLOAD_TOO_LARGE", "The order is too long.");
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString("utf8");
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body as Body;
  } catch {
    // Told below.
  }
  throw new AppError("REQUEST_INVALID", "The order is not a JSON object; send one or nothing.");
}

function killSignalOf({ signal = "SIGKILL" }: Body): KillSignal {
  const known = KILL_SIGNALS.find((name) => name === signal);
  if (known !== undefined) return known;
  throw new AppError(
    "REQUEST_INVALID",
    `There is no signal ${String(signal)} to send; there are ${KILL_SIGNALS.join(", ")}.`,
  );
}

function scaleOrderOf({ role, stage, shard, replicas }: Body): ScaleOrder {
  const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
  return {
    role: typeof role === "string" ? role : "",
    stage: numberOf(stage),
    shard: numberOf(shard),
    replicas: numberOf(replicas) ?? Number.NaN,
  };
}

function namesOf({ replicas = [] }: Body): readonly string[] {
  if (Array.isArray(replicas) && replicas.every((name) => typeof name === "string"))
    return replicas;
  throw new AppError("REQUEST_INVALID", '"replicas" is not a list of names; send such a list.');
}
