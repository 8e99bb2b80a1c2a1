/** What the Kafka bus makes of brokers that die, stop answering, and come back; its own brokers. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { TopicKind } from "../src/bus.ts";
import { createKafkaBus, type KafkaBus } from "../src/kafka/kafka-bus.ts";
import { bytesOf, collect, eventually, textOf, wordsUpTo } from "./contract/bench.ts";
import { createOwnBrokers, type OwnBrokers } from "./own-brokers.ts";

const PARTITIONS = [0, 1, 2, 3, 4, 5];

let own: OwnBrokers;

beforeAll(async () => {
  own = await createOwnBrokers(3);
  await own.startAll();
}, 240_000);

afterAll(() => own.close());

/** Every test begins with three brokers that lead. */
beforeEach(async () => {
  const bus = await connect("settle");
  await bus.ensureTopics([{ name: "settled", kind: "durable", partitions: 6 }]);
  await eventually(() => expect(leadersOf(bus, "settled").size).toBe(3));
}, 60_000);

async function connect(clientName: string): Promise<KafkaBus> {
  const bus = await createKafkaBus({ brokers: own.addresses, clientName, replication: 3 });
  onTestFinished(() => bus.close());
  return bus;
}

let topics = 0;

async function makeTopic(bus: KafkaBus, kind: TopicKind): Promise<string> {
  topics += 1;
  const name = `faults.${kind}.${topics}`;
  await bus.ensureTopics([{ name, kind, partitions: PARTITIONS.length }]);
  await eventually(() => expect(leadersOf(bus, name).size).toBe(3));
  return name;
}

const leadersOf = (bus: KafkaBus, topic: string) =>
  new Set(PARTITIONS.flatMap((partition) => bus.leaderOf(topic, partition) ?? []));

/** Publishes to every partition in turn until stopped; `accepted` and `refused` are texts. */
function publishSteadily(bus: KafkaBus, topic: string) {
  const accepted: string[] = [];
  const refused: string[] = [];
  const open = new Set<Promise<void>>();
  let count = 0;
  const timer = setInterval(() => {
    const partition = count % PARTITIONS.length;
    const text = `${partition}:${count}`;
    count += 1;
    const sent = bus.publish(topic, { key: "k", value: bytesOf(text), partition }).then(
      () => void accepted.push(text),
      () => void refused.push(text),
    );
    open.add(sent);
    void sent.finally(() => open.delete(sent));
  }, 10);
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(open);
  };
  onTestFinished(() => clearInterval(timer));
  return { accepted, refused, stop };
}

describe.each(["SIGKILL", "SIGSTOP"] as const)("a broker that gets %s", (signal) => {
  it("loses nothing that was accepted, and every partition flows again without it", async () => {
    const [sender, member, reader] = await Promise.all(
      ["a", "b", "c"].map((name) => connect(name)),
    );
    if (sender === undefined || member === undefined || reader === undefined) return;
    const topic = await makeTopic(sender, "durable");
    const [grouped, fixed] = [collect(), collect()];
    await member.subscribe({ group: topic, topics: [topic], handler: grouped.handler });
    const from = "latest";
    await reader.read({ topic, partitions: PARTITIONS, from, handler: fixed.handler });
    const flow = publishSteadily(sender, topic);
    await eventually(() => expect(flow.accepted.length).toBeGreaterThan(50));
    const [, victim] = own.brokers;
    victim?.kill(signal);
    const before = grouped.records.length;
    // Each partition goes on under a leader that lives, for both kinds of readers.
    await eventually(() => {
      const since = (records: readonly { partition: number }[]) =>
        new Set(records.slice(before + 600).map(({ partition }) => partition));
      expect(since(grouped.records).size).toBe(PARTITIONS.length);
      expect(since(fixed.records).size).toBe(PARTITIONS.length);
    });
    await flow.stop();
    await eventually(() => {
      for (const texts of [new Set(grouped.texts()), new Set(fixed.texts())]) {
        expect(flow.accepted.filter((text) => !texts.has(text))).toEqual([]);
      }
    });
    expect(flow.refused).toEqual([]);
    for (const records of [grouped.records, fixed.records]) {
      for (const partition of PARTITIONS) {
        const texts = records.filter((record) => record.partition === partition).map(textOf);
        const counts = [...new Set(texts)].map((text) => Number(text.split(":")[1]));
        expect(counts).toEqual(counts.toSorted((left, right) => left - right));
      }
    }
    await revive();
  }, 120_000);

  it("is no leader any more within a second and a half, and what others lead flows on", async () => {
    const [sender, reader] = await Promise.all(["a", "b"].map((name) => connect(name)));
    if (sender === undefined || reader === undefined) return;
    const topic = await makeTopic(sender, "work");
    const led = PARTITIONS.map((partition) => sender.leaderOf(topic, partition));
    const { records, handler } = collect();
    await reader.read({ topic, partitions: PARTITIONS, from: "latest", handler });
    const flow = publishSteadily(sender, topic);
    await eventually(() => expect(records.length).toBeGreaterThan(50));
    own.brokers[1]?.kill(signal);
    const killedAtMs = performance.now();
    await eventually(() => {
      expect(led.indexOf("broker-2")).toBeGreaterThanOrEqual(0);
      expect(sender.leaderOf(topic, led.indexOf("broker-2"))).toBeUndefined();
    });
    // A second and the half are its probes; the rest is what a busy machine may add.
    expect(performance.now() - killedAtMs).toBeLessThan(5_000);
    const living = PARTITIONS.filter((partition) => led[partition] !== "broker-2");
    const before = records.length;
    await eventually(() => {
      const flowing = new Set(records.slice(before).map(({ partition }) => partition));
      expect(flowing).toEqual(new Set(living));
    });
    await flow.stop();
    expect(flow.refused.every((text) => !living.includes(Number(text.split(":")[0])))).toBe(true);
    // Whoever starts now does so without the dead broker's partitions, and gets them later.
    const late = await connect("late");
    await late.ensureTopics([{ name: topic, kind: "work", partitions: PARTITIONS.length }]);
    const [lateFixed, lateGrouped] = [collect(), collect()];
    const onCaughtUp = vi.fn<() => void>();
    const everything = { topic, partitions: PARTITIONS, from: "earliest" } as const;
    await late.read({ ...everything, handler: lateFixed.handler, onCaughtUp });
    const group = `${topic}.late`;
    await late.subscribe({ group, topics: [topic], handler: lateGrouped.handler });
    await eventually(() => expect(onCaughtUp).toHaveBeenCalledTimes(1));
    await eventually(async () =>
      expect((await late.lag()).some((entry) => entry.group === group)).toBe(true),
    );
    await revive();
    const returned = led.indexOf("broker-2");
    await eventually(() => expect(sender.leaderOf(topic, returned)).toBe("broker-2"));
    for (const partition of PARTITIONS) {
      await eventually(() => sender.publish(topic, { key: "k", value: bytesOf("end"), partition }));
    }
    for (const { records: seen } of [lateFixed, lateGrouped]) {
      await eventually(() => {
        const ended = seen.filter((record) => textOf(record) === "end");
        expect(new Set(ended.map((record) => record.partition)).size).toBe(PARTITIONS.length);
      });
    }
    expect(onCaughtUp).toHaveBeenCalledTimes(1);
  }, 120_000);

  async function revive(): Promise<void> {
    const [, victim] = own.brokers;
    if (signal === "SIGSTOP") return victim?.kill("SIGCONT");
    await victim?.end();
    await victim?.start();
    await victim?.waitUntilReady();
  }
});

describe("all brokers away", () => {
  it("refuse what is published in time, naming the brokers, and go on where they were", async () => {
    const bus = await connect("stays");
    const topic = await makeTopic(bus, "durable");
    const work = await makeTopic(bus, "work");
    const { texts, handler } = collect();
    await bus.subscribe({ group: topic, topics: [topic], handler });
    for (const word of wordsUpTo(5)) await bus.publish(topic, { key: word, value: bytesOf(word) });
    await eventually(() => expect(texts()).toHaveLength(5));
    await pause(200);
    await own.endAll();
    await eventually(() => expect(leadersOf(bus, topic).size).toBe(0));
    const startedAtMs = performance.now();
    const refused = bus.publish(work, { key: "k", value: bytesOf("x") });
    await expect(refused).rejects.toMatchObject({
      code: "BUS_UNAVAILABLE",
      message: expect.stringContaining(own.addresses.join(", ")) as string,
    });
    expect(performance.now() - startedAtMs).toBeLessThan(6_000);
    const brokers = own.addresses;
    const unreached = createKafkaBus({ brokers, clientName: "late", replication: 3 });
    await expect(unreached).rejects.toMatchObject({
      code: "BUS_UNAVAILABLE",
      message: expect.stringContaining(brokers.join(", ")) as string,
    });
    await own.startAll();
    await eventually(() => bus.publish(topic, { key: "k", value: bytesOf("after") }));
    await eventually(() => expect(texts()).toContain("after"));
    // The group's offsets outlived the brokers: nothing handled before comes again.
    const again = await connect("again");
    await bus.close();
    const rest = collect();
    await again.subscribe({ group: topic, topics: [topic], handler: rest.handler });
    await again.publish(topic, { key: "k", value: bytesOf("last") });
    await eventually(() => expect(rest.texts()).toContain("last"));
    expect(rest.texts().filter((text) => wordsUpTo(5).includes(text))).toEqual([]);
  }, 180_000);
});
