import { connect as connectSocket, type Socket } from "node:net";
import { AppError, invariant } from "@segue/errors";
import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import { type Connection, createConnection, type FieldPacket, type ResultSetHeader } from "mysql2";
import { fromSqlError } from "./from-sql-error.ts";
import type { MysqlAddress } from "./mysql-address.ts";

export interface ConnectionSettings {
  readonly address: MysqlAddress;
  /** PEM text of the authority that signed the server's certificate; absent: no TLS. */
  readonly authority?: string;
  /** A statement that takes longer ends the connection. */
  readonly statementMsMax: number;
  /** Statements that every new connection begins with. */
  readonly setUp: readonly string[];
  /** See `fromSqlError`. */
  readonly isOpening: boolean;
}

/** Reaching the server, its greeting and the login. */
const CONNECT_MS_MAX = 2_500;
const KEEP_ALIVE_AFTER_MS = 5_000;
/** Of a column in the wire protocol; every size of blob is described so, and text with its own set. */
const BLOB_TYPE = 252;
const BINARY_CHARACTER_SET = 63;
/** Room for the command's own bytes beside the statement. */
const PACKET_HEADER_BYTES = 64;

/** One connection; whoever holds it runs alone. After any failure of its transport it stays closed. */
export class MysqlConnection implements DatabaseConnection {
  readonly #raw: Connection;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  /** Bytes of one statement that the server takes. */
  #packetBytesMax = Number.POSITIVE_INFINITY;
  #isOpen = true;
  onClosed: () => void = () => {};

  constructor(raw: Connection, socket: Socket, settings: ConnectionSettings) {
    this.#raw = raw;
    this.#socket = socket;
    this.#settings = settings;
    raw.on("error", () => this.destroy());
    socket.on("close", () => this.destroy());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.run<R>(this.#format(query));
  }

  /** Repositories page by key instead, so that none holds a connection for long. */
  // biome-ignore lint/correctness/useYield: the driver's contract is an iterator; this one refuses
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming is not supported; read page by page");
  }

  async run<R>(
    statement: string,
    msMax: number = this.#settings.statementMsMax,
  ): Promise<QueryResult<R>> {
    const { result, fields } = await this.#send(statement, msMax);
    if (!Array.isArray(result)) return { rows: [], numAffectedRows: BigInt(result.affectedRows) };
    return { rows: withPlainBytes(result, fields ?? []) as R[] };
  }

  /** With the session's settings made and the server's limits read. */
  async setUp(): Promise<void> {
    for (const statement of this.#settings.setUp) await this.run(statement, CONNECT_MS_MAX);
    const { rows } = await this.run<{ bytes: number }>(
      "select @@max_allowed_packet as bytes",
      CONNECT_MS_MAX,
    );
    this.#packetBytesMax = Number(rows[0]?.bytes);
  }

  /** Ends it at once, with whatever runs on it. */
  destroy(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#raw.destroy();
    this.#socket.destroy();
    this.onClosed();
  }

  /** Takes leave of the server, which then logs no broken connection. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.unref();
    this.#raw.end(() => this.#socket.destroy());
  }

  #send(statement: string, msMax: number): Promise<Answer> {
    const { label } = this.#settings.address;
    return new Promise((resolve, reject) => {
      if (!this.#isOpen) {
        reject(this.#toAppError({ code: "PROTOCOL_CONNECTION_LOST", message: "closed before" }));
        return;
      }
      const timer = setTimeout(() => {
        const message = `The database ${label} did not answer within ${msMax} ms; check that it runs, its load and its disk, and try again.`;
        reject(new AppError("STORE_UNAVAILABLE", message, { details: { reason: "timeout" } }));
        this.destroy();
      }, msMax);
      this.#raw.query(statement, (error, result, fields) => {
        clearTimeout(timer);
        if (error === null) {
          resolve({ result: result as Answer["result"], fields });
          return;
        }
        if (error.fatal) this.destroy();
        reject(this.#toAppError(error));
      });
    });
  }

  #toAppError(thrown: unknown): AppError {
    return fromSqlError(thrown, this.#settings.address.label, this.#settings.isOpening);
  }

  #format(query: CompiledQuery): string {
    const statement = this.#raw.format(query.sql, query.parameters.map(toLiteral));
    const bytes = Buffer.byteLength(statement) + PACKET_HEADER_BYTES;
    if (bytes <= this.#packetBytesMax) return statement;
    throw new AppError(
      "CONFIG_INVALID",
      `A statement of ${bytes} bytes is more than the database ${this.#settings.address.label} takes (${this.#packetBytesMax}); raise max_allowed_packet in the server's configuration, or store smaller parts.`,
      { details: { reason: "packet-too-large", bytes, bytesMax: this.#packetBytesMax } },
    );
  }
}

interface Answer {
  readonly result: Record<string, unknown>[] | ResultSetHeader;
  readonly fields: readonly FieldPacket[] | undefined;
}

/** Throws STORE_UNAVAILABLE when nobody answers in time, CONFIG_INVALID as `fromSqlError` says. */
export async function openConnection(settings: ConnectionSettings): Promise<MysqlConnection> {
  const { host, port, user, password, database, label } = settings.address;
  const socket = openSocket(host, port);
  const raw = createConnection({
    host,
    port,
    user,
    password,
    database,
    charset: "utf8mb4",
    connectTimeout: CONNECT_MS_MAX,
    stream: () => socket,
    ...(settings.authority === undefined
      ? {}
      : { ssl: { ca: settings.authority, rejectUnauthorized: true, verifyIdentity: true } }),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      raw.once("connect", () => resolve());
      raw.once("error", reject);
    });
  } catch (thrown) {
    raw.on("error", () => {});
    raw.destroy();
    socket.destroy();
    throw fromSqlError(thrown, label, settings.isOpening);
  }
  const connection = new MysqlConnection(raw, socket, settings);
  try {
    await connection.setUp();
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return connection;
}

/** Made here, so that it can be destroyed: the client only says goodbye, and waits for an answer. */
function openSocket(host: string, port: number): Socket {
  const socket = connectSocket({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  });
  // The name that TLS checks the certificate for. Node notes it itself, except for IP addresses,
  // and the client names none then: "localhost" would be checked instead.
  return Object.assign(socket, { _host: host });
}

type Literal = string | number | bigint | null | Buffer;

/** The client would turn anything else into SQL of its own making. */
function toLiteral(value: unknown): Literal {
  if (value === null || typeof value === "string" || typeof value === "bigint") return value;
  if (typeof value === "number") {
    invariant(Number.isFinite(value), `${value} can be stored`);
    return value;
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  throw new TypeError(`A value of type ${typeof value} cannot be stored`);
}

/** Copies of their own: the client's lie within whole packets, which they would keep in memory. */
function withPlainBytes(
  rows: Record<string, unknown>[],
  fields: readonly FieldPacket[],
): Record<string, unknown>[] {
  const names = fields.filter(isBytes).map((field) => field.name);
  for (const row of rows) {
    for (const name of names) {
      const bytes = row[name];
      if (bytes instanceof Uint8Array) row[name] = Uint8Array.from(bytes);
    }
  }
  return rows;
}

function isBytes(field: FieldPacket): boolean {
  return field.characterSet === BINARY_CHARACTER_SET && field.columnType === BLOB_TYPE;
}
