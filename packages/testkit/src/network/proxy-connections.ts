/** The connections that run through one proxy. */
import type { Socket } from "node:net";
import type { NetworkCondition } from "./network-condition.ts";
import { type ProxiedConnection, proxyConnection, type Target } from "./proxied-connection.ts";

export interface ProxyCounts {
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Bytes that have passed, both directions together. */
  readonly bytes: number;
}

export class ProxyConnections {
  readonly open = new Set<ProxiedConnection>();
  #accepted = 0;
  #bytes = 0;
  #isClosed = false;

  add(client: Socket, target: Target, condition: NetworkCondition): ProxiedConnection {
    this.#accepted += 1;
    const connection = proxyConnection(client, target, condition, (count) => {
      this.#bytes += count;
    });
    this.open.add(connection);
    void connection.closed.then(() => this.open.delete(connection));
    if (this.#isClosed) connection.close();
    return connection;
  }

  counts(): ProxyCounts {
    return { accepted: this.#accepted, open: this.open.size, bytes: this.#bytes };
  }

  /** Resets them all. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const connections = [...this.open];
    for (const connection of connections) connection.close();
    await Promise.all(connections.map(({ closed }) => closed));
  }
}
