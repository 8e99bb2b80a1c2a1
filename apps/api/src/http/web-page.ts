/** The built page, and its address for every deep link into it. */
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Files whose name carries the hash of their content. */
const HASHED_FOLDER = "/assets/";

export interface WebPage {
  /** True when the request is for a view of the page, and has been answered with it. */
  answers(request: FastifyRequest, reply: FastifyReply): boolean;
}

export async function addWebPage(server: FastifyInstance, folder: string): Promise<WebPage> {
  await server.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    schemaHide: true,
    setHeaders: (response, path) => {
      const isHashed = path.slice(folder.length).replaceAll("\\", "/").startsWith(HASHED_FOLDER);
      const caching = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
      response.header("cache-control", caching);
    },
  });
  return {
    answers(request, reply) {
      if (!isForView(request)) return false;
      void reply.sendFile("index.html");
      return true;
    },
  };
}

/** A browser asks for a document at an address that is no call and no file. */
function isForView({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split("?", 1)[0] ?? "";
  const isCall = path === "/v1" || path.startsWith("/v1/") || path.startsWith("/docs");
  const isFile = /\.[A-Za-z0-9]{1,8}$/.test(path);
  const wantsPage = (headers.accept ?? "").includes("text/html");
  return (method === "GET" || method === "HEAD") && wantsPage && !isCall && !isFile;
}
