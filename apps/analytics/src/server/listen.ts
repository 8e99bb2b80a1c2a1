/** One HTTP/2 listener, in clear text, that ends in order. */
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { AppError, toAppError } from "@segue/errors";
import { socketAddressOf } from "@segue/runtime/socket-address";

export type Http2Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

export interface Listener {
  /** Such as `127.0.0.1:50051`. */
  readonly address: string;
  /** Takes no more calls, and resolves when those under way have ended. */
  close(): Promise<void>;
  /** Ends what is still under way. */
  destroy(): void;
}

/** What may lie unread in memory of one call, and of one connection. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;
const STREAMS_PER_CONNECTION_MAX = 100;

/** CONFIG_INVALID when the port cannot be opened. */
export async function listen(host: string, port: number, handler: Http2Handler): Promise<Listener> {
  const server = createServer(
    {
      settings: {
        initialWindowSize: STREAM_WINDOW_BYTES,
        maxConcurrentStreams: STREAMS_PER_CONNECTION_MAX,
      },
    },
    handler,
  );
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, resolve);
  try {
    await listening;
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      `Cannot open port ${port} on ${host} for gRPC (${toAppError(cause).message}); set SEGUE_GRPC_PORTS to free ports, or to 0 for any free ones`,
      { cause },
    );
  }
  server.off("error", reject);
  return {
    address: socketAddressOf(server.address() as AddressInfo),
    async close() {
      const closed = new Promise<void>((resolveClosed) => server.close(() => resolveClosed()));
      for (const session of sessions) session.close();
      await closed;
    },
    destroy() {
      for (const session of sessions) session.destroy();
    },
  };
}
