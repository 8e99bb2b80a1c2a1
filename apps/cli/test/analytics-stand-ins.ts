/** Servers for tests of the client: the real services, and some that behave as ours do not. */
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { type ConnectRouter, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createGrpcTransport } from "@connectrpc/connect-node";
import {
  GenreAnalysisService,
  MapReduceService,
  RecommendationService,
  UserBehaviorService,
} from "@segue/contracts/music";
import { createLogger } from "@segue/telemetry";
import { onTestFinished } from "vitest";
import type { connectServices } from "../src/analyze/analytics-service.ts";
import { startAnalytics } from "../src/start-analytics.ts";

/** The real services; their one address. */
export async function realServices(): Promise<string> {
  const analytics = await startAnalytics(createLogger({ name: "analytics-1", level: "silent" }));
  onTestFinished(() => analytics.close());
  return analytics.addresses[0] ?? "";
}

export function allAt(address: string): Parameters<typeof connectServices>[0] {
  return {
    mapReduce: address,
    userBehavior: address,
    genreAnalysis: address,
    recommendation: address,
  };
}

/** A server with the given calls and no other; its address. */
export async function serverWith(routes: (router: ConnectRouter) => void): Promise<string> {
  const server = createServer(connectNodeAdapter({ routes, connect: false, grpcWeb: false }));
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Knows only the four unary calls, as the pipeline that ours replaces; the real services answer. */
export async function unaryOnlyServices(): Promise<string> {
  const transport = createGrpcTransport({ baseUrl: `http://${await realServices()}` });
  const mapReduce = createClient(MapReduceService, transport);
  const userBehavior = createClient(UserBehaviorService, transport);
  const genreAnalysis = createClient(GenreAnalysisService, transport);
  const recommendation = createClient(RecommendationService, transport);
  return serverWith((router) =>
    router
      .service(MapReduceService, { aggregateStream: (list) => mapReduce.aggregateStream(list) })
      .service(UserBehaviorService, { analyzeUsers: (list) => userBehavior.analyzeUsers(list) })
      .service(GenreAnalysisService, { analyzeGenres: (list) => genreAnalysis.analyzeGenres(list) })
      .service(RecommendationService, {
        recommend: (request) => recommendation.recommend(request),
      }),
  );
}
