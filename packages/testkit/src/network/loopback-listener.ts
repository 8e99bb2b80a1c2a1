/** A TCP listener on a free port of 127.0.0.1 that can be closed whoever is still connected. */
import { createServer, type Socket } from "node:net";

export interface LoopbackListener {
  readonly port: number;
  /** Also ends the connections that were accepted. */
  close(): Promise<void>;
}

/** The connections are half-open ones: each side ends by itself. */
export async function listenOnLoopback(
  onClient: (client: Socket) => void,
): Promise<LoopbackListener> {
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
    onClient(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The listener has no port");
  return {
    port: address.port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) client.destroy();
      // One that was being accepted.
      server.on("connection", (client) => client.destroy());
      await closed;
    },
  };
}
