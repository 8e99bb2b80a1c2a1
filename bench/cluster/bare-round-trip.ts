/**
 * What the brokers alone allow: messages of the same sizes through as many topics, forwarded by one
 * process that does nothing else.
 */
import { randomUUID } from "node:crypto";
import type { Bus, Subscription } from "@segue/bus";

/** Hands its message on through every topic in turn and resolves when it has come out of the last. */
export interface BareRoundTrip {
  once(): Promise<void>;
  close(): Promise<void>;
}

/** @param sizes bytes of the message in each topic, in order */
export async function openBareRoundTrip(
  bus: Bus,
  sizes: readonly number[],
  partitions: number,
): Promise<BareRoundTrip> {
  const topics = sizes.map((_, index) => `bench.${randomUUID()}.${index}`);
  const values = sizes.map((size) => new Uint8Array(size).fill(1));
  await bus.ensureTopics(topics.map((name) => ({ name, kind: "work", partitions })));
  const waiting = new Map<string, () => void>();
  const send = (hop: number, key: string, partition: number): Promise<void> =>
    bus.publish(topics[hop] ?? "", { key, value: values[hop] ?? new Uint8Array(), partition });
  const subscriptions: Subscription[] = [];
  for (const [hop, topic] of topics.entries()) {
    subscriptions.push(
      await bus.read({
        topic,
        partitions: Array.from({ length: partitions }, (_, partition) => partition),
        from: "latest",
        handler: async ({ key, partition }) => {
          if (hop === topics.length - 1) waiting.get(key)?.();
          else await send(hop + 1, key, partition);
        },
      }),
    );
  }
  let sent = 0;
  return {
    async once() {
      const key = String(sent);
      const partition = sent % partitions;
      sent += 1;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(key, resolve);
      await send(0, key, partition);
      await promise;
      waiting.delete(key);
    },
    async close() {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
    },
  };
}

/** Median size of the records that pass through each topic while `work` runs, in bytes. */
export async function sampleSizes(
  bus: Bus,
  topics: readonly string[],
  work: () => Promise<void>,
): Promise<readonly number[]> {
  const sizes = topics.map((): number[] => []);
  const subscriptions = await Promise.all(
    topics.map(async (topic, index) =>
      bus.read({
        topic,
        partitions: Array.from(
          { length: await bus.partitionCount(topic) },
          (_, partition) => partition,
        ),
        from: "latest",
        handler: async ({ value }) => void sizes[index]?.push(value.length),
      }),
    ),
  );
  await work();
  await Promise.all(subscriptions.map((subscription) => subscription.close()));
  return sizes.map((of) => of.toSorted((left, right) => left - right)[of.length >> 1] ?? 0);
}
