/** A connection through a proxy: two sockets, and the condition of the network between them. */
import { connect, type Socket } from "node:net";
import type { NetworkCondition } from "./network-condition.ts";
import { OneWay, resetSocket } from "./one-way.ts";

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface ProxiedConnection {
  set(condition: NetworkCondition): void;
  close(): void;
  readonly closed: Promise<void>;
}

/** @param onBytes told of every piece that passed, in either direction */
export function proxyConnection(
  client: Socket,
  target: Target,
  condition: NetworkCondition,
  onBytes: (count: number) => void,
): ProxiedConnection {
  const server = connect({ ...target, noDelay: true, allowHalfOpen: true });
  client.setNoDelay(true);
  const ways = [new OneWay(client, server, onBytes), new OneWay(server, client, onBytes)];
  const reset = () => {
    resetSocket(client);
    resetSocket(server);
  };
  const set = (next: NetworkCondition) => {
    if (next.kind === "cut") reset();
    else for (const way of ways) way.set(next);
  };
  set(condition);
  const closed = Promise.all([closedOf(client), closedOf(server)]).then(() => {});
  return { set, close: reset, closed };
}

function closedOf(socket: Socket): Promise<void> {
  // An "error" comes before "close" and has been passed on by then.
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("close", () => resolve()));
}
