/**
 * Loaded before a program (`node --import`): its TCP connections to loopback go through the fault
 * network at FAULT_NETWORK_PORT. The program knows nothing of it: it sees connections that are
 * reset, silent or slow.
 */
import { type IpcNetConnectOpts, Socket, type TcpNetConnectOpts } from "node:net";

type Connect = (this: Socket, ...parameters: unknown[]) => Socket;

const proxyPort = Number(process.env["FAULT_NETWORK_PORT"]);
const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const prototype = Socket.prototype as unknown as { connect: Connect };
const connectDirectly = prototype.connect;

prototype.connect = function connectThrough(...parameters) {
  const options = tcpOptionsOf(parameters);
  const host = options?.host ?? "localhost";
  if (options === undefined || !LOOPBACK.includes(host)) {
    return connectDirectly.apply(this, parameters);
  }
  // The callers inside Node pass options and callback as one array.
  const callback = parameters.flat().find((parameter) => typeof parameter === "function");
  const connecting = connectDirectly.call(
    this,
    { ...options, host: "127.0.0.1", port: proxyPort },
    ...(callback === undefined ? [] : [callback]),
  );
  // Nothing can have been written before, so this is the first line.
  this.write(`${JSON.stringify({ pid: process.pid, host, port: Number(options.port) })}\n`);
  return connecting;
};

/** Undefined for what is no TCP connection. */
function tcpOptionsOf(parameters: unknown[]): TcpNetConnectOpts | undefined {
  const [first, second] = parameters.flat() as [unknown, unknown];
  if (typeof first === "number") {
    return { port: first, ...(typeof second === "string" ? { host: second } : {}) };
  }
  if (typeof first !== "object" || first === null) return undefined;
  // HTTP over a Unix socket names a port too; the path decides.
  const options = first as Partial<IpcNetConnectOpts & TcpNetConnectOpts>;
  return options.path || options.port === undefined
    ? undefined
    : { ...options, port: options.port };
}
