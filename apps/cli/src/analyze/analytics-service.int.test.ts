import { once } from "node:events";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { createClient } from "@connectrpc/connect";
import { GenreAnalysisService } from "@segue/contracts/music";
import { describe, expect, it, onTestFinished } from "vitest";
import { allAt, serverWith } from "../../test/analytics-stand-ins.ts";
import { connectServices, disconnectServices } from "./analytics-service.ts";

// Real: connections over HTTP/2. Stand-ins: the servers.

describe("connections to the services", () => {
  it("ask for answers that are not packed", async () => {
    const accepted: (string | null)[] = [];
    const address = await serverWith((router) =>
      router.service(GenreAnalysisService, {
        analyzeGenres(_, { requestHeader }) {
          accepted.push(requestHeader.get("grpc-accept-encoding"));
          return {};
        },
      }),
    );
    const services = connectServices(allAt(address));
    onTestFinished(() => disconnectServices(services));
    await createClient(GenreAnalysisService, services.genreAnalysis.transport).analyzeGenres({});
    expect(accepted).toEqual([null]);
  });

  it("end also with a server that never ends what it began to say", async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.write("<h1>");
    });
    const sessions: ServerHttp2Session[] = [];
    server.on("session", (session) => sessions.push(session));
    onTestFinished(() => {
      for (const session of sessions) session.destroy();
      server.close();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const services = connectServices(allAt(`127.0.0.1:${(server.address() as AddressInfo).port}`));
    const { transport } = services.genreAnalysis;
    await expect(createClient(GenreAnalysisService, transport).analyzeGenres({})).rejects.toThrow();
    const [session] = sessions;
    if (session === undefined) throw new Error("Nobody connected");
    expect(session.closed).toBe(false);
    // Its client is gone in the middle of a call, which is no failure here.
    session.on("error", () => {});
    const closed = new Promise<void>((resolve) => session.once("close", resolve));
    disconnectServices(services);
    await closed;
  });
});
