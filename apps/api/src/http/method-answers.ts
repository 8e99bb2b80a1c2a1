/** 405 with Allow where the address exists and the method does not. */
import { AppError } from "@segue/errors";
import type { FastifyInstance } from "fastify";
import { sendProblem } from "./problem-answers.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Watches the routes that are added from now on; call the result when all are there. */
export function watchMethods(server: FastifyInstance): () => void {
  const methodsByUrl = new Map<string, Set<string>>();
  let isWatching = true;
  server.addHook("onRoute", ({ url, method }) => {
    if (!isWatching) return;
    const methods = methodsByUrl.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsByUrl.set(url, methods);
  });
  return () => {
    isWatching = false;
    for (const [url, allowed] of methodsByUrl) {
      const refused = METHODS.filter((method) => !allowed.has(method));
      if (refused.length > 0) addRefusal(server, url, refused, [...allowed].join(", "));
    }
  };
}

function addRefusal(server: FastifyInstance, url: string, method: string[], allow: string): void {
  server.route({
    method,
    url,
    schema: { hide: true },
    handler: (request, reply) => {
      const detail = `${request.method} is not possible here; this address takes ${allow}`;
      const error = new AppError("ROUTE_UNKNOWN", detail);
      return sendProblem(reply.header("allow", allow), { error, status: 405 });
    },
  });
}
