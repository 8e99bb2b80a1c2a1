import { once } from "node:events";
import { createServer } from "node:net";
import { onTestFinished } from "vitest";

/** Port of a server that says something to whoever comes; closed when the test is over. */
export async function listen(says: string | Uint8Array, port = 0): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write(says);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
