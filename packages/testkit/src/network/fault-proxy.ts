/** A TCP proxy on loopback in front of one target, whose network can be cut, stalled or slowed. */
import { listenOnLoopback } from "./loopback-listener.ts";
import { CLEAR, type NetworkCondition } from "./network-condition.ts";
import type { Target } from "./proxied-connection.ts";
import { ProxyConnections, type ProxyCounts } from "./proxy-connections.ts";

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
  const listener = await listenOnLoopback(
    (client) => void connections.add(client, target, condition),
  );
  const set = (next: NetworkCondition) => {
    condition = next;
    for (const connection of connections.open) connection.set(next);
  };
  return {
    port: listener.port,
    set,
    restore: () => set(CLEAR),
    counts: () => connections.counts(),
    async close() {
      await Promise.all([connections.close(), listener.close()]);
    },
  };
}
