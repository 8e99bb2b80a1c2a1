/**
 * The network of many processes: a process started with `environment` dials through it (see
 * dial-through.ts), so that the connections of one process, or to one port, fare as told while all
 * others fare well. A plain proxy could not do that to one client of Kafka, whose brokers advertise
 * their own ports.
 */
import type { Socket } from "node:net";
import { listenOnLoopback } from "./loopback-listener.ts";
import { CLEAR, type NetworkCondition } from "./network-condition.ts";
import type { ProxiedConnection } from "./proxied-connection.ts";
import { ProxyConnections, type ProxyCounts } from "./proxy-connections.ts";

/** Which connections: all of a process, all to a port, or where both are given those of both. */
export interface Span {
  readonly pid?: number;
  readonly port?: number;
}

export interface FaultNetwork {
  readonly environment: Readonly<Record<string, string>>;
  /** Replaces what was imposed on the same span before. */
  impose(span: Span, condition: NetworkCondition): void;
  /** Lifts everything that was imposed. */
  restore(): void;
  counts(span?: Span): ProxyCounts;
  close(): Promise<void>;
}

/** First line of a connection: who dials whom. */
export interface Dial {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
}

interface DialedConnection extends ProxiedConnection {
  readonly dial: Dial;
}

export async function startFaultNetwork(): Promise<FaultNetwork> {
  const connections = new ProxyConnections();
  const dialed = new Set<DialedConnection>();
  const imposed = new Map<string, { readonly span: Span; readonly condition: NetworkCondition }>();
  const conditionOf = (dial: Dial) =>
    [...imposed.values()].findLast(({ span }) => covers(span, dial))?.condition ?? CLEAR;
  const applyAll = () => {
    for (const connection of dialed) connection.set(conditionOf(connection.dial));
  };
  const listener = await listenOnLoopback((client) =>
    onDial(client, (dial) => {
      const connection = connections.add(client, dial, conditionOf(dial));
      const entry = { ...connection, dial };
      dialed.add(entry);
      void connection.closed.then(() => dialed.delete(entry));
    }),
  );
  return {
    environment: {
      FAULT_NETWORK_PORT: String(listener.port),
      NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${DIAL_THROUGH}`,
    },
    impose(span, condition) {
      imposed.delete(keyOf(span));
      imposed.set(keyOf(span), { span, condition });
      applyAll();
    },
    restore() {
      imposed.clear();
      applyAll();
    },
    counts: (span = {}) => ({
      ...connections.counts(),
      open: [...dialed].filter(({ dial }) => covers(span, dial)).length,
    }),
    async close() {
      await Promise.all([connections.close(), listener.close()]);
    },
  };
}

const DIAL_THROUGH = new URL("./dial-through.ts", import.meta.url).href;
const LINE_FEED = 10;

function covers({ pid, port }: Span, dial: Dial): boolean {
  return (pid ?? dial.pid) === dial.pid && (port ?? dial.port) === dial.port;
}

function keyOf({ pid, port }: Span): string {
  return `${pid ?? "any"} ${port ?? "any"}`;
}

/** Reads the first line and leaves what follows it on the socket. */
function onDial(client: Socket, take: (dial: Dial) => void): void {
  let head = Buffer.alloc(0);
  // Who leaves without having dialed has no connection that would end with it.
  const leave = () => client.destroy();
  const onData = (bytes: Buffer) => {
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf(LINE_FEED);
    if (end < 0) return;
    client.off("data", onData).off("end", leave).off("error", leave).pause();
    const rest = head.subarray(end + 1);
    if (rest.length > 0) client.unshift(rest);
    take(JSON.parse(head.subarray(0, end).toString()) as Dial);
    client.resume();
  };
  client.on("data", onData).on("end", leave).on("error", leave);
}
