/** A TCP proxy on loopback in front of one target, whose network can be cut, stalled or slowed. */
import { createServer, type Server, type Socket } from "node:net";
import { CLEAR, type NetworkCondition } from "./network-condition.ts";
import { type ProxiedConnection, proxyConnection, type Target } from "./proxied-connection.ts";

export interface ProxyCounts {
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Bytes that have passed, both directions together. */
  readonly bytes: number;
}

export interface FaultProxy {
  readonly port: number;
  set(condition: NetworkCondition): void;
  restore(): void;
  counts(): ProxyCounts;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

export async function startFaultProxy(target: Target): Promise<FaultProxy> {
  const connections = new ProxyConnections();
  let condition: NetworkCondition = CLEAR;
  const server = await listenOnLoopback((client) => connections.add(client, target, condition));
  const set = (next: NetworkCondition) => {
    condition = next;
    for (const connection of connections.open) connection.set(next);
  };
  return {
    port: portOf(server),
    set,
    restore: () => set(CLEAR),
    counts: () => connections.counts(),
    close: () => closeServer(server, connections),
  };
}

/** The connections that run through one listener. */
export class ProxyConnections {
  readonly open = new Set<ProxiedConnection>();
  #accepted = 0;
  #bytes = 0;

  add(client: Socket, target: Target, condition: NetworkCondition): ProxiedConnection {
    this.#accepted += 1;
    const connection = proxyConnection(client, target, condition, (count) => {
      this.#bytes += count;
    });
    this.open.add(connection);
    void connection.closed.then(() => this.open.delete(connection));
    return connection;
  }

  counts(): ProxyCounts {
    return { accepted: this.#accepted, open: this.open.size, bytes: this.#bytes };
  }

  async closeAll(): Promise<void> {
    const connections = [...this.open];
    for (const connection of connections) connection.close();
    await Promise.all(connections.map(({ closed }) => closed));
  }
}

export async function listenOnLoopback(onClient: (client: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, onClient);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port");
  return address.port;
}

export async function closeServer(server: Server, connections: ProxyConnections): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await connections.closeAll();
  await closed;
}
