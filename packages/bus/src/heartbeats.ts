/** Says several times a second who this process is and how it fares, and says farewell at the end. */
import { create, HeartbeatSchema, type MessageInitShape, TOPICS, toBinary } from "@segue/contracts";
import type { Bus } from "./bus.ts";

export type HeartbeatFields = Omit<
  MessageInitShape<typeof HeartbeatSchema>,
  "$typeName" | "replica" | "sentAtMs" | "pid"
>;

export interface HeartbeatOptions {
  readonly bus: Bus;
  readonly replica: string;
  /** Asked before each beat. */
  readonly describe: () => HeartbeatFields;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Default 200. */
  readonly intervalMs?: number;
  readonly onError: (error: unknown) => void;
}

export interface Heartbeats {
  /** One more beat at once, for news that should not wait. */
  beat(): Promise<void>;
  /** Stops and says farewell, so that nobody waits to find out. */
  close(): Promise<void>;
}

export function startHeartbeats(options: HeartbeatOptions): Heartbeats {
  const { bus, replica, describe, now, onError } = options;
  let isClosed = false;

  const publish = async (value: Uint8Array): Promise<void> => {
    try {
      await bus.publish(TOPICS.heartbeats, { key: replica, value });
    } catch (error) {
      onError(error);
    }
  };
  const beat = async (): Promise<void> => {
    if (isClosed) return;
    const fields = { ...describe(), replica, sentAtMs: now(), pid: process.pid };
    await publish(toBinary(HeartbeatSchema, create(HeartbeatSchema, fields)));
  };
  const timer = setInterval(() => void beat(), options.intervalMs ?? 200);
  timer.unref();
  void beat();
  return {
    beat,
    async close() {
      isClosed = true;
      clearInterval(timer);
      await publish(new Uint8Array());
    },
  };
}
