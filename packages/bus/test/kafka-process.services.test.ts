/** A process that used the Kafka bus and closed it ends by itself: no socket or timer is left. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { brokersUnderTest } from "./kafka-brokers.ts";

const run = promisify(execFile);
const ENDS_WITHIN_MS = 1_500;

const PROGRAM = `
import { createKafkaBus } from "${import.meta.resolve("../src/kafka/kafka-bus.ts")}";
const [brokers, topic] = process.argv.slice(1);
const bus = await createKafkaBus({
  brokers: brokers.split(","), clientName: "leaving", replication: 3,
});
await bus.ensureTopics([{ name: topic, kind: "work", partitions: 3 }]);
const { promise: handled, resolve } = Promise.withResolvers();
await bus.subscribe({ group: topic, topics: [topic], handler: async () => resolve() });
await bus.read({ topic, partitions: [0, 1, 2], from: "earliest", handler: async () => {} });
await bus.publish(topic, { key: "k", value: new Uint8Array(1) });
await handled;
await bus.close();
const closedAt = performance.now();
process.on("exit", () => console.log(performance.now() - closedAt));
`;

it("lets its process end once it is closed", async () => {
  const args = ["--input-type=module", "-e", PROGRAM, brokersUnderTest().join(","), randomUUID()];
  const { stdout } = await run(process.execPath, args, { timeout: 60_000 });
  expect(Number(stdout)).toBeLessThan(ENDS_WITHIN_MS);
}, 60_000);
