/**
 * Puts bytes that are no message on every topic whose records are all read, and looks for them among
 * the dead. A reply is read only by who waits for it.
 */
import type { Bus, BusRecord } from "@segue/bus";
import { DeadLetterSchema, fromBinary, stageTopic, TOPICS } from "@segue/contracts";
import { eventually } from "@segue/testkit";

const TOPICS_WITH_READERS = [
  TOPICS.requests,
  stageTopic(1),
  stageTopic(2),
  stageTopic(3),
  TOPICS.partials,
  TOPICS.heartbeats,
  TOPICS.receipts,
  TOPICS.plays,
];
/** No Protobuf message: its first field has a wire type that there is not. */
const NO_MESSAGE = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x07]);
const DEATH_TIMEOUT_MS = 30_000;

/** Resolves to the topics whose record never died. */
export async function sendUnreadable(bus: Bus, key: string): Promise<readonly string[]> {
  const missing = new Set<string>(TOPICS_WITH_READERS);
  const subscription = await bus.read({
    topic: TOPICS.dead,
    partitions: [0],
    from: "earliest",
    handler: (record) => {
      const topic = topicOfDead(record, key);
      if (topic !== undefined) missing.delete(topic);
      return Promise.resolve();
    },
  });
  // Partition 0 of the partials belongs to the first dispatcher.
  for (const topic of missing) {
    await bus.publish(topic, { key, value: NO_MESSAGE, partition: 0 });
  }
  const what = "every unreadable message to die";
  await eventually(() => (missing.size === 0 ? true : undefined), {
    timeoutMs: DEATH_TIMEOUT_MS,
    what,
  }).catch(() => undefined);
  await subscription.close();
  return [...missing];
}

function topicOfDead(record: BusRecord, key: string): string | undefined {
  const letter = fromBinary(DeadLetterSchema, record.value);
  return letter.key === key && letter.failure?.code === "MESSAGE_UNREADABLE"
    ? letter.topic
    : undefined;
}
