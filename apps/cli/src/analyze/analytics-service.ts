/** The four services as `segue analyze` names them, and where each is reached. */

import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { ServiceAddresses } from "@segue/config";

export type ServiceName = keyof ServiceAddresses;

export interface AnalyticsService {
  readonly name: ServiceName;
  /** As the interface names it. */
  readonly title: string;
  /** host:port */
  readonly address: string;
  readonly transport: Transport;
  readonly connection: Http2SessionManager;
}

export const SERVICE_TITLES: Readonly<Record<ServiceName, string>> = {
  mapReduce: "MapReduceService",
  userBehavior: "UserBehaviorService",
  genreAnalysis: "GenreAnalysisService",
  recommendation: "RecommendationService",
};

export type AnalyticsServices = Readonly<Record<ServiceName, AnalyticsService>>;

export function connectServices(addresses: ServiceAddresses): AnalyticsServices {
  const connect = (name: ServiceName): AnalyticsService => {
    const address = addresses[name];
    const baseUrl = `http://${address}`;
    const connection = new Http2SessionManager(baseUrl);
    const transport = createGrpcTransport({
      baseUrl,
      sessionManager: connection,
      // Packing takes 40 ms of a processor for each MiB, which 1 Gbit/s carries in 9.
      acceptCompression: [],
    });
    return { name, title: SERVICE_TITLES[name], address, transport, connection };
  };
  return {
    mapReduce: connect("mapReduce"),
    userBehavior: connect("userBehavior"),
    genreAnalysis: connect("genreAnalysis"),
    recommendation: connect("recommendation"),
  };
}

/** Also from a server that never ends what it began to say. */
export function disconnectServices(services: AnalyticsServices): void {
  for (const { connection } of Object.values(services)) connection.abort();
}
