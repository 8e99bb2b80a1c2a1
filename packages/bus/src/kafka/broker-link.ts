/**
 * One connection to one broker, opened when it is first needed and again after it broke. Brokers
 * answer the requests of a connection in turn, so whatever may wait long has a link of its own.
 */
import { isIP } from "node:net";
import { type API, Connection, ResponseError, TimeoutError } from "@platformatic/kafka";
import { fromKafkaError } from "./kafka-error.ts";

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

export interface LinkSecurity {
  readonly tls?: { readonly ca?: string };
  readonly sasl?: {
    readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
    readonly username: string;
    readonly password: string;
  };
}

export type LinkFailure = "silent" | "broken";

export interface BrokerLinkOptions {
  readonly clientName: string;
  readonly address: BrokerAddress;
  readonly security: LinkSecurity;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** `silent`: not answered in time. `broken`: the connection ended, or could not be made. */
  readonly onFailure: (how: LinkFailure) => void;
  /** The broker answered something. */
  readonly onAnswer: () => void;
  /** The connection ended while nothing was asked: brokers also do that to whoever is silent long. */
  readonly onDoubt: () => void;
}

export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  #connection: Connection | undefined;
  #opening: Promise<Connection> | undefined;
  #requests = 0;
  #usedAtMs = 0;
  #isClosed = false;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
  }

  /**
   * The broker's answer, also when it holds error codes: those are for the caller to read. Throws
   * BUS_UNAVAILABLE when there is none in time, CONFIG_INVALID when TLS or SASL refuse.
   */
  async request<Arguments extends unknown[], Response>(
    api: API<Arguments, Response>,
    ...args: Arguments
  ): Promise<Response> {
    this.#requests += 1;
    try {
      const connection = await this.#open();
      const answer = await api.async(connection, ...args);
      this.#options.onAnswer();
      return answer;
    } catch (thrown) {
      const answer = answerIn<Response>(thrown);
      if (answer !== undefined) return answer;
      const { host, port } = this.#options.address;
      const error = fromKafkaError(thrown, `${host}:${port}`);
      this.#connection = undefined;
      if (!this.#isClosed)
        this.#options.onFailure(thrown instanceof TimeoutError ? "silent" : "broken");
      throw error;
    } finally {
      this.#requests -= 1;
      this.#usedAtMs = performance.now();
    }
  }

  /** Ends the connection when nothing was asked since then; the next request opens another. */
  closeUnusedSince(usedSinceMs: number): void {
    if (this.#requests > 0 || this.#usedAtMs > usedSinceMs) return;
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.socket.destroySoon();
  }

  /** Requests under way fail at once. */
  close(): void {
    this.#isClosed = true;
    this.#connection?.socket.destroy();
    this.#connection = undefined;
  }

  async #open(): Promise<Connection> {
    if (this.#isClosed) throw new Error("The connection is closed");
    if (this.#connection?.isConnected()) return this.#connection;
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<Connection> {
    const { clientName, address, security, connectTimeoutMs, requestTimeoutMs } = this.#options;
    const connection = new Connection(clientName, {
      connectTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      ...(security.tls === undefined ? {} : { tls: security.tls }),
      // An IP address is not allowed as a server name (RFC 6066).
      ...(security.tls !== undefined && isIP(address.host) === 0 ? { tlsServerName: true } : {}),
      ...(security.sasl === undefined ? {} : { sasl: security.sasl }),
    });
    connection.on("error", () => this.#lose(connection));
    connection.on("close", () => this.#lose(connection));
    await connection.connect(address.host, address.port);
    if (this.#isClosed) {
      connection.socket.destroy();
      throw new Error("The connection is closed");
    }
    this.#connection = connection;
    return connection;
  }

  #lose(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    // A request that was not answered in time ends its connection too, and tells of it itself.
    if (this.#isClosed || connection.status === "closing") return;
    if (this.#requests === 0) this.#options.onDoubt();
    else this.#options.onFailure("broken");
  }
}

/** The client throws an answer away when any part of it is an error, but hands it out with that. */
function answerIn<Response>(thrown: unknown): Response | undefined {
  if (!(thrown instanceof ResponseError)) return undefined;
  const { response } = thrown as ResponseError & { readonly response?: Response };
  return response;
}
