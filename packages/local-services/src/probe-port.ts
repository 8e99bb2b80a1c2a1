/** One question and its answer over TCP, which is how a program is asked whether it serves. */
import { connect } from "node:net";

export interface Probe {
  readonly port: number;
  /** Sent at once; absent where the server speaks first. */
  readonly question?: Uint8Array;
  /** Undefined while the answer is not complete. */
  readonly judge: (answer: Buffer) => boolean | undefined;
  /** Default 1000. */
  readonly timeoutMs?: number;
}

/** What `judge` says of the answer; false without one, or when the server closes before. */
export async function probePort(probe: Probe): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port: probe.port });
  let answer = Buffer.alloc(0);
  socket.setTimeout(probe.timeoutMs ?? 1000, () => resolve(false));
  socket.once("error", () => resolve(false));
  socket.once("close", () => resolve(false));
  socket.on("data", (part) => {
    answer = Buffer.concat([answer, part]);
    const verdict = probe.judge(answer);
    if (verdict !== undefined) resolve(verdict);
  });
  if (probe.question !== undefined) socket.write(probe.question);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
