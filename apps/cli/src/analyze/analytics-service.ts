/** The four services as `segue analyze` names them, and where each is reached. */

import { connect as connectSocket, type Socket } from "node:net";
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
  /** Those that are or were open. */
  readonly sockets: ReadonlySet<Socket>;
}

export const SERVICE_TITLES: Readonly<Record<ServiceName, string>> = {
  mapReduce: "MapReduceService",
  userBehavior: "UserBehaviorService",
  genreAnalysis: "GenreAnalysisService",
  recommendation: "RecommendationService",
};

/** Of a URL that names none. */
const HTTP_PORT = 80;

export type AnalyticsServices = Readonly<Record<ServiceName, AnalyticsService>>;

export function connectServices(addresses: ServiceAddresses): AnalyticsServices {
  const connect = (name: ServiceName): AnalyticsService => {
    const address = addresses[name];
    const baseUrl = `http://${address}`;
    const sockets = new Set<Socket>();
    const connection = new Http2SessionManager(baseUrl, undefined, {
      createConnection({ hostname, port }) {
        const host = hostname.replace(/^\[(.*)\]$/, "$1");
        const socket = connectSocket({ host, port: Number(port || HTTP_PORT) });
        sockets.add(socket);
        return socket;
      },
    });
    const transport = createGrpcTransport({
      baseUrl,
      sessionManager: connection,
      // Packing takes 40 ms of a processor for each MiB, which 1 Gbit/s carries in 9.
      acceptCompression: [],
    });
    return { name, title: SERVICE_TITLES[name], address, transport, sockets };
  };
  return {
    mapReduce: connect("mapReduce"),
    userBehavior: connect("userBehavior"),
    genreAnalysis: connect("genreAnalysis"),
    recommendation: connect("recommendation"),
  };
}

/**
 * Also from a server that never ends what it began to say. The sockets are ended and not the sessions
 * aborted: a session that dies of an error just then would tell it when nobody listens any more, which
 * ends the process.
 */
export function disconnectServices(services: AnalyticsServices): void {
  for (const { sockets } of Object.values(services)) {
    for (const socket of sockets) socket.destroy();
  }
}
