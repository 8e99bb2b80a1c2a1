/** Ports on loopback for programs that must know theirs before they start. */
import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { AppError } from "@segue/errors";

/**
 * Below the ports that Linux (32768) and macOS (49152) hand out to clients, which could otherwise
 * take a broker's port between its death and its return.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

/** The owner of each chosen port: as long as its program has not been started nothing listens there. */
const owners = new Map<number, string>();

/**
 * The same port for the same owner while it is free, so that addresses stay when a cluster is
 * started again; owners of different folders get different ones.
 */
export async function chooseFreePort(owner: string): Promise<number> {
  const count = LAST_PORT - FIRST_PORT + 1;
  const start = createHash("sha256").update(owner).digest().readUInt32BE() % count;
  for (let step = 0; step < count; step += 1) {
    const port = FIRST_PORT + ((start + step) % count);
    if ((owners.get(port) ?? owner) !== owner) continue;
    owners.set(port, owner);
    if (await isPortFree(port)) return port;
    owners.delete(port);
  }
  throw new AppError(
    "SERVICE_FAILED",
    `Every port from ${FIRST_PORT} to ${LAST_PORT} is taken; end programs that hold them.`,
  );
}

/** Whether a program could listen on 127.0.0.1 there now. */
export async function isPortFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
    server.close(() => resolve(true));
  });
  return promise;
}
