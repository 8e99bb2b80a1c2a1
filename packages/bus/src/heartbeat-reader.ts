/** Hears what every process says of itself, on all partitions of the topic. */
import {
  fromBinary,
  HEARTBEAT_PARTITIONS,
  type Heartbeat,
  HeartbeatSchema,
  TOPICS,
} from "@segue/contracts";
import { AppError } from "@segue/errors";
import type { Bus, BusRecord, Subscription } from "./bus.ts";

export interface HeartbeatReaderOptions {
  readonly bus: Pick<Bus, "read">;
  /**
   * Each beat comes once per partition, and not always in order.
   *
   * @param isHistory it was there before: the last words of the living and of the dead
   */
  readonly onHeartbeat: (heartbeat: Heartbeat, isHistory: boolean) => void;
  readonly onFarewell: (replica: string) => void;
}

/** Half of what lies between two beats of a process, of which there may be dozens. */
const GATHER_MS = 150;

/** Resolves when everything said up to now has been told. */
export async function readHeartbeats(options: HeartbeatReaderOptions): Promise<Subscription> {
  const { bus, onHeartbeat, onFarewell } = options;
  const caughtUp = Promise.withResolvers<void>();
  let isHistory = true;
  const subscription = await bus.read({
    topic: TOPICS.heartbeats,
    partitions: Array.from({ length: HEARTBEAT_PARTITIONS }, (_, partition) => partition),
    from: "earliest",
    gatherMs: GATHER_MS,
    handler: async (record) => {
      if (record.value.length === 0) onFarewell(record.key);
      else onHeartbeat(decode(record), isHistory);
      await Promise.resolve();
    },
    onCaughtUp: () => {
      isHistory = false;
      caughtUp.resolve();
    },
  });
  await caughtUp.promise;
  return subscription;
}

function decode({ key, value }: BusRecord): Heartbeat {
  try {
    return fromBinary(HeartbeatSchema, value);
  } catch (cause) {
    const message = `What ${key} says of itself is no heartbeat; is it of another version?`;
    throw new AppError("MESSAGE_UNREADABLE", message, { cause });
  }
}
