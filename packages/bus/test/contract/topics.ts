/** Bus contract: topics, their kinds and reading without a group. */
import { randomUUID } from "node:crypto";
import { HEADERS } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Bench,
  bytesOf,
  collect,
  eventually,
  gate,
  makeTopic,
  publishAll,
  textOf,
  wordsUpTo,
} from "./bench.ts";

export function describeTopics(bench: Bench): void {
  describe("topics", () => {
    test("are created once, however many members ask for them", async () => {
      const members = await Promise.all([
        bench.connect("a"),
        bench.connect("b"),
        bench.connect("c"),
      ]);
      const topic = `contract.work.${randomUUID()}`;
      const spec = { name: topic, kind: "work", partitions: 5 } as const;
      await Promise.all(members.map((bus) => bus.ensureTopics([spec])));
      for (const bus of members) expect(await bus.partitionCount(topic)).toBe(5);
    });

    test("of another kind are refused", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1, "compacted");
      const refused = expect(bus.ensureTopics([{ name: topic, kind: "work", partitions: 1 }]));
      await refused.rejects.toMatchObject({ code: "CONFIG_INVALID" });
    });

    test("that do not exist cannot be used", async () => {
      const bus = await bench.connect();
      const topic = `contract.work.${randomUUID()}`;
      const { handler } = collect();
      const group = randomUUID();
      await expect(bus.publish(topic, { key: "", value: bytesOf("") })).rejects.toBeInstanceOf(
        AppError,
      );
      const joined = bus.subscribe({ group, topics: [topic], handler });
      await expect(joined).rejects.toBeInstanceOf(AppError);
    });

    test("grow, and a group reads the new partitions from their start", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 2);
      const { records, handler } = collect();
      const subscription = await bus.subscribe({
        group: randomUUID(),
        topics: [topic],
        from: "latest",
        handler,
      });
      await bus.ensureTopics([{ name: topic, kind: "work", partitions: 6 }]);
      expect(await bus.partitionCount(topic)).toBe(6);
      await bus.publish(topic, { key: "k", value: bytesOf("new"), partition: 5 });
      await eventually(() => expect(records.map(textOf)).toEqual(["new"]));
      await eventually(() => expect(subscription.owned().get(topic)).toEqual([0, 1, 2, 3, 4, 5]));
      await bus.ensureTopics([{ name: topic, kind: "work", partitions: 2 }]);
      expect(await bus.partitionCount(topic)).toBe(6);
    });
  });
}

export function describeFixedPartitions(bench: Bench): void {
  describe("fixed partitions", () => {
    test("are read from the start, tell when they have caught up, and go on", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 3);
      // A group keeps the records of a work topic from being forgotten.
      const hold = gate();
      onTestFinished(hold.open);
      const holder = { group: randomUUID(), topics: [topic], handler: () => hold.opened };
      const held = await bus.subscribe(holder);
      for (const partition of [0, 1, 2]) {
        await bus.publish(topic, { key: "k", value: bytesOf(`old ${partition}`), partition });
      }
      const { handler, texts } = collect();
      const seenWhenCaughtUp: string[][] = [];
      const subscription = await bus.read({
        topic,
        partitions: [0, 2],
        from: "earliest",
        handler,
        onCaughtUp: () => seenWhenCaughtUp.push(texts().toSorted()),
      });
      await eventually(() => expect(seenWhenCaughtUp).toEqual([["old 0", "old 2"]]));
      await bus.publish(topic, { key: "k", value: bytesOf("new"), partition: 2 });
      await eventually(() => expect(texts().at(-1)).toBe("new"));
      expect(seenWhenCaughtUp).toHaveLength(1);
      expect(subscription.owned().get(topic)).toEqual([0, 2]);
      hold.open();
      await held.close();
    });

    test("that are empty have caught up at once", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 2);
      const caughtUp = gate();
      const { handler } = collect();
      const partitions = [0, 1];
      await bus.read({ topic, partitions, from: "latest", handler, onCaughtUp: caughtUp.open });
      await caughtUp.opened;
    });

    test("are read by every reader, and nothing comes after close", async () => {
      const [first, second] = await Promise.all([bench.connect(), bench.connect()]);
      const topic = await makeTopic(first, 1, "durable");
      await publishAll(first, topic, ["before"]);
      const [one, two] = [collect(), collect()];
      const options = { topic, partitions: [0], from: "latest" } as const;
      const closed = await first.read({ ...options, handler: one.handler });
      await second.read({ ...options, handler: two.handler });
      await publishAll(first, topic, ["both"]);
      await eventually(() => expect([one.texts(), two.texts()]).toEqual([["both"], ["both"]]));
      await closed.close();
      await publishAll(second, topic, ["second only"]);
      await eventually(() => expect(two.texts()).toEqual(["both", "second only"]));
      expect(one.texts()).toEqual(["both"]);
    });
  });
}

export function describeCompactedTopics(bench: Bench): void {
  describe("compacted topics", () => {
    test("give a late reader the newest value of each key", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1, "compacted");
      for (let beat = 0; beat < 100; beat++) {
        for (const key of ["x", "y", "gone"]) {
          await bus.publish(topic, { key, value: bytesOf(`${key} ${beat}`) });
        }
      }
      await bus.publish(topic, { key: "gone", value: new Uint8Array(0) });
      const newest = new Map<string, string>();
      const caughtUp = gate();
      await bus.read({
        topic,
        partitions: [0],
        from: "earliest",
        handler: async (record) => {
          if (record.value.length === 0) newest.delete(record.key);
          else newest.set(record.key, textOf(record));
        },
        onCaughtUp: caughtUp.open,
      });
      await caughtUp.opened;
      expect(Object.fromEntries(newest)).toEqual({ x: "x 99", y: "y 99" });
      await bus.publish(topic, { key: "x", value: bytesOf("x again") });
      await eventually(() => expect(newest.get("x")).toBe("x again"));
    });
  });
}

export function describeDurableTopics(bench: Bench): void {
  describe("durable topics", () => {
    test("keep their records and the groups' offsets over a restart", async () => {
      const before = await bench.connect("before");
      const topic = await makeTopic(before, 2, "durable");
      const group = randomUUID();
      const handled = collect();
      await before.subscribe({ group, topics: [topic], handler: handled.handler });
      await publishAll(before, topic, wordsUpTo(5));
      await eventually(() => expect(handled.records).toHaveLength(5));
      await before.close();
      const sender = await bench.connect("sender");
      const headers = { [HEADERS.requestId]: "r-9" };
      await sender.publish(topic, { key: "k", value: bytesOf("unhandled"), headers });
      await sender.close();
      await bench.restart();
      const after = await bench.connect("after");
      await after.ensureTopics([{ name: topic, kind: "durable", partitions: 2 }]);
      const [rest, whole] = [collect(), collect()];
      await after.subscribe({ group, topics: [topic], handler: rest.handler });
      const partitions = [0, 1];
      await after.read({ topic, partitions, from: "earliest", handler: whole.handler });
      await eventually(() => expect(rest.texts()).toEqual(["unhandled"]));
      expect(rest.records[0]).toMatchObject({ key: "k", headers });
      const everything = [...wordsUpTo(5), "unhandled"].toSorted();
      await eventually(() => expect(whole.texts().toSorted()).toEqual(everything));
    });

    test("take a thousand records at once, in order", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1, "durable");
      const words = wordsUpTo(1_000);
      await Promise.all(
        words.map((word) => bus.publish(topic, { key: "k", value: bytesOf(word) })),
      );
      const { handler, texts } = collect();
      await bus.subscribe({ group: randomUUID(), topics: [topic], handler });
      await eventually(() => expect(texts()).toEqual(words));
    });
  });
}
