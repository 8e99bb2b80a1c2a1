/** The HTTP server before it has routes: limits, ids, checks, errors, logs, metrics. */
import rateLimit from "@fastify/rate-limit";
import { AppError } from "@segue/errors";
import { type Logger, type Metrics, requestIdFor } from "@segue/telemetry";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { createCallerChecks } from "./caller-checks.ts";
import { rawProblem, sendProblem, toFailure } from "./problem-answers.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { createProxyTrust } from "./trusted-proxies.ts";

export interface HttpLimits {
  readonly allowedHosts: readonly string[];
  readonly rateLimitPerMinute: number;
  /** A handler that takes longer is answered for with DEADLINE_EXCEEDED. */
  readonly handlerTimeoutMs: number;
  /** A request that has not arrived whole by then is dropped. Default 15 s. */
  readonly receiveTimeoutMs?: number;
  /** Addresses or ranges whose X-Forwarded-For is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
}

const BODY_BYTES_MAX = 1024 * 1024;
const HEADER_BYTES_MAX = 16 * 1024;
const RECEIVE_TIMEOUT_MS = 15_000;

export async function createHttpServer(
  limits: HttpLimits,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Promise<FastifyInstance> {
  const receiveTimeoutMs = limits.receiveTimeoutMs ?? RECEIVE_TIMEOUT_MS;
  const loggerInstance: FastifyBaseLogger = logger;
  const server: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "requestId",
    }),
    genReqId: ({ headers }) => requestIdFor(singleHeader(headers["x-request-id"])),
    bodyLimit: BODY_BYTES_MAX,
    handlerTimeout: limits.handlerTimeoutMs,
    requestTimeout: receiveTimeoutMs,
    trustProxy: createProxyTrust(limits.trustedProxies ?? []),
    // Connections that go on being used while the server stops get their answers.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 1_000 },
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, receiveTimeoutMs),
    },
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, toFailure(error)),
    clientErrorHandler: (error, socket) => {
      if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
      else socket.end(rawProblem(error), () => socket.destroy());
    },
  });
  server.setValidatorCompiler(validatorCompiler);
  // Answers are built from typed values; checking them again would only cost time.
  server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  server.removeContentTypeParser("text/plain");
  addRequestRecords(server, metrics);
  const checks = createCallerChecks(limits.allowedHosts);
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    checks.assertAllowed(request.headers);
  });
  server.setErrorHandler((thrown, request, reply) => answerFailure(thrown, request, reply));
  endConnectionsWhenClosing(server);
  await addSecurityHeaders(server);
  await addRateLimit(server, limits.rateLimitPerMinute);
  return server;
}

/** Aborts when the caller's connection ends before the answer was sent. */
export function callerSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) {
      controller.abort(new AppError("CANCELLED", "The caller closed the connection"));
    }
  });
  return controller.signal;
}

function answerFailure(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = toFailure(thrown);
  const { code } = failure.error;
  if (code === "INTERNAL") request.log.error({ err: failure.error }, "request.failed");
  else request.log.info({ code, detail: failure.error.message }, "request.refused");
  return sendProblem(reply, failure);
}

/** Otherwise a stop would wait for every kept-alive connection that was busy when it began. */
function endConnectionsWhenClosing(server: FastifyInstance): void {
  let isClosing = false;
  server.addHook("preClose", async () => {
    isClosing = true;
  });
  server.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
}

/** One log line and one observation per request; 499 when the caller left before the answer. */
function addRequestRecords(server: FastifyInstance, metrics: Metrics): void {
  server.addHook("onRequest", async (request, reply) => {
    // Not the onResponse hook, which never comes for a caller that left.
    reply.raw.once("close", () => {
      const { method } = request;
      const route = request.routeOptions.url ?? "unknown";
      const status = reply.raw.writableFinished ? reply.statusCode : 499;
      metrics.observeRequest({ method, route, status }, reply.elapsedTime / 1_000);
      const ms = Math.round(reply.elapsedTime * 1_000) / 1_000;
      request.log.info({ method, route, status, ms }, "request.done");
    });
  });
}

async function addRateLimit(server: FastifyInstance, perMinute: number): Promise<void> {
  await server.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    // A connection that ended before its request was looked at has no address any more.
    keyGenerator: ({ ip }: { ip: string | undefined }) => ip ?? "",
    // The matched route, as one address can be written in many ways.
    allowList: ({ routeOptions }) => !(routeOptions.url ?? "").startsWith("/v1/"),
    errorResponseBuilder: (_request, { ttl }) => {
      const retryAfterSeconds = Math.max(1, Math.ceil(ttl / 1_000));
      return new AppError(
        "OVERLOADED",
        `More than ${perMinute} calls in a minute; try again in ${retryAfterSeconds} s`,
        { details: { retryAfterSeconds } },
      );
    },
  });
}

function singleHeader(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
