/** The four services as `segue analyze` names them, and where each is reached. */

import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { ServiceAddresses } from "@segue/config";

export type ServiceName = keyof ServiceAddresses;

export interface AnalyticsService {
  readonly name: ServiceName;
  /** As the interface names it. */
  readonly title: string;
  /** host:port */
  readonly address: string;
  readonly transport: Transport;
}

export const SERVICE_TITLES: Readonly<Record<ServiceName, string>> = {
  mapReduce: "MapReduceService",
  userBehavior: "UserBehaviorService",
  genreAnalysis: "GenreAnalysisService",
  recommendation: "RecommendationService",
};

export type AnalyticsServices = Readonly<Record<ServiceName, AnalyticsService>>;

export function connectServices(addresses: ServiceAddresses): AnalyticsServices {
  const connect = (name: ServiceName): AnalyticsService => ({
    name,
    title: SERVICE_TITLES[name],
    address: addresses[name],
    transport: createGrpcTransport({ baseUrl: `http://${addresses[name]}` }),
  });
  return {
    mapReduce: connect("mapReduce"),
    userBehavior: connect("userBehavior"),
    genreAnalysis: connect("genreAnalysis"),
    recommendation: connect("recommendation"),
  };
}
