/** Health and metrics of a process that serves nothing else over HTTP. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "@segue/errors";
import type { Metrics } from "@segue/telemetry";
import { socketAddressOf } from "./socket-address.ts";

export interface OperationsServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Undefined when the process serves; else what it waits for. */
  readonly whyNotReady: () => string | undefined;
  readonly metrics: Metrics;
}

export interface OperationsServer {
  /** Such as `127.0.0.1:9100`. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * `GET /healthz`: the process lives. `GET /readyz`: 200 when it serves, else 503 with the reason.
 * `GET /metrics`: the Prometheus text. CONFIG_INVALID when the port cannot be opened.
 */
export async function startOperationsServer(
  options: OperationsServerOptions,
): Promise<OperationsServer> {
  const server = createServer({ requestTimeout: 5_000 }, listenerFor(options));
  await listen(server, options);
  return {
    address: socketAddressOf(server.address() as AddressInfo),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listenerFor({ whyNotReady, metrics }: OperationsServerOptions): RequestListener {
  return ({ method, url = "" }, response) => {
    const answer = (status: number, contentType: string, body: string) => {
      response.writeHead(status, { "content-type": contentType, "cache-control": "no-store" });
      response.end(method === "HEAD" ? undefined : body);
    };
    const answerJson = (status: number, body: object) =>
      answer(status, "application/json", JSON.stringify(body));
    if (method !== "GET" && method !== "HEAD") {
      answerJson(405, { detail: "Only GET is answered here." });
      return;
    }
    switch (url) {
      case "/healthz":
        answerJson(200, { status: "ok" });
        break;
      case "/readyz": {
        const reason = whyNotReady();
        if (reason === undefined) answerJson(200, { status: "ready" });
        else answerJson(503, { status: "not ready", reason });
        break;
      }
      case "/metrics":
        void metrics.render().then((text) => answer(200, metrics.contentType, text));
        break;
      default:
        answerJson(404, { detail: "There are /healthz, /readyz and /metrics." });
    }
  };
}

async function listen(server: Server, { host, port }: OperationsServerOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      `The operations port ${host}:${port} cannot be opened; set SEGUE_OPERATIONS_PORT to a free one, or to 0.`,
      { cause },
    );
  } finally {
    server.off("error", reject);
  }
}
