/** Bus contract: when a record counts as done. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { HEADERS } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Bench,
  bytesOf,
  collect,
  deadLettersOf,
  eventually,
  gate,
  makeTopic,
  publishAll,
  textOf,
  wordsUpTo,
} from "./bench.ts";

export function describeCommits(bench: Bench): void {
  describe("commits", () => {
    test("follow the order of a partition even when handlers overlap", async () => {
      const [doomed, survivor] = await Promise.all([
        bench.connect("doomed"),
        bench.connect("survivor"),
      ]);
      const topic = await makeTopic(doomed, 1);
      const group = randomUUID();
      const first = gate();
      onTestFinished(first.open);
      const [seen, rescued] = [collect(), collect()];
      await doomed.subscribe({
        group,
        topics: [topic],
        concurrency: 4,
        handler: async (record, signal) => {
          await seen.handler(record, signal);
          if (textOf(record) === "word-0") await first.opened;
        },
      });
      await publishAll(survivor, topic, wordsUpTo(4), "k");
      await eventually(() => expect(seen.texts().toSorted()).toEqual(wordsUpTo(4)));
      await survivor.subscribe({ group, topics: [topic], handler: rescued.handler });
      await bench.kill(doomed);
      // Nothing was committed past the record that was still under way.
      await eventually(() => expect(rescued.texts()).toEqual(wordsUpTo(4)));
    });

    test("show as lag until the handler has resolved", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 2);
      const group = randomUUID();
      const busy = gate();
      await bus.subscribe({ group, topics: [topic], handler: () => busy.opened });
      for (const partition of [0, 1, 1]) {
        await bus.publish(topic, { key: "k", value: bytesOf("x"), partition });
      }
      const lagOf = async () => {
        const own = (await bus.lag()).filter((entry) => entry.topic === topic);
        expect(own.every((entry) => entry.group === group)).toBe(true);
        return own.toSorted((a, b) => a.partition - b.partition).map(({ lag }) => lag);
      };
      await eventually(async () => expect(await lagOf()).toEqual([1, 2]));
      busy.open();
      await eventually(async () => expect(await lagOf()).toEqual([0, 0]));
    });

    test("happen before close resolves, and close waits for the handlers", async () => {
      const [first, second] = await Promise.all([bench.connect("first"), bench.connect("second")]);
      const topic = await makeTopic(first, 1);
      const group = randomUUID();
      const busy = gate();
      const [seen, after] = [collect(), collect()];
      await first.subscribe({
        group,
        topics: [topic],
        handler: async (record, signal) => {
          await seen.handler(record, signal);
          await busy.opened;
        },
      });
      await publishAll(second, topic, ["under way", "next"], "k");
      await eventually(() => expect(seen.texts()).toEqual(["under way"]));
      let isClosed = false;
      const closing = first.close().then(() => {
        isClosed = true;
      });
      await pause(20);
      expect(isClosed).toBe(false);
      busy.open();
      await closing;
      expect(seen.texts()).toEqual(["under way"]);
      await second.subscribe({ group, topics: [topic], handler: after.handler });
      await eventually(() => expect(after.texts()).toEqual(["next"]));
    });
  });
}

export function describeFailingHandlers(bench: Bench): void {
  describe("failing handlers", () => {
    test("get the record again, before the records behind it", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const attempts: string[] = [];
      await bus.subscribe({
        group: randomUUID(),
        topics: [topic],
        handler: async (record) => {
          attempts.push(textOf(record));
          record.value.fill(0);
          if (attempts.length < 3) throw new Error("not yet");
        },
      });
      await publishAll(bus, topic, ["first", "second"], "k");
      await eventually(() => expect(attempts).toEqual(["first", "first", "first", "second"]));
    });

    test("lose a poisonous record to the dead letters and go on behind it", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const group = randomUUID();
      const letters = await deadLettersOf(bus, topic);
      const { handler, texts } = collect();
      let deliveries = 0;
      await bus.subscribe({
        group,
        topics: [topic],
        deliveriesMax: 2,
        handler: async (record, signal) => {
          if (textOf(record) !== "poison") return handler(record, signal);
          deliveries += 1;
          throw new AppError("STORE_UNAVAILABLE", "no", { details: { table: "plays" } });
        },
      });
      const headers = { [HEADERS.requestId]: "r-7" };
      await bus.publish(topic, { key: "k", value: bytesOf("poison"), headers });
      await publishAll(bus, topic, ["fine"], "k");
      await eventually(() => expect(texts()).toEqual(["fine"]));
      await eventually(() => expect(letters).toHaveLength(1));
      expect(deliveries).toBe(2);
      expect(letters[0]).toMatchObject({ topic, partition: 0, group, key: "k", deliveries: 2 });
      expect(letters[0]?.headers).toEqual(headers);
      expect(letters[0]?.failure).toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: "no",
        detailsJson: '{"table":"plays"}',
      });
      expect(new TextDecoder().decode(letters[0]?.value)).toBe("poison");
    });

    test("keep a durable record until a failure that may pass has passed", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1, "durable");
      const letters = await deadLettersOf(bus, topic);
      const attempts: string[] = [];
      await bus.subscribe({
        group: randomUUID(),
        topics: [topic],
        deliveriesMax: 1,
        handler: async (record) => {
          const text = textOf(record);
          attempts.push(text);
          if (attempts.length < 4) throw new AppError("STORE_UNAVAILABLE", "The disk is full");
          if (text === "poison") throw new Error("always");
        },
      });
      await publishAll(bus, topic, ["play", "poison", "next"], "k");
      const expected = ["play", "play", "play", "play", "poison", "next"];
      await eventually(() => expect(attempts).toEqual(expected));
      await eventually(() => expect(letters).toHaveLength(1));
      expect(new TextDecoder().decode(letters[0]?.value)).toBe("poison");
    });

    test("leave a durable record that still fails to the next member when they close", async () => {
      const [failing, next] = await Promise.all([bench.connect("failing"), bench.connect("next")]);
      const topic = await makeTopic(failing, 1, "durable");
      const group = randomUUID();
      const letters = await deadLettersOf(next, topic);
      const { handler, texts } = collect();
      let deliveries = 0;
      await failing.subscribe({
        group,
        topics: [topic],
        deliveriesMax: 1,
        handler: async () => {
          deliveries += 1;
          throw new AppError("STORE_UNAVAILABLE", "The disk is full");
        },
      });
      await publishAll(next, topic, ["play"]);
      await eventually(() => expect(deliveries).toBeGreaterThan(1));
      await failing.close();
      await next.subscribe({ group, topics: [topic], handler });
      await eventually(() => expect(texts()).toEqual(["play"]));
      expect(letters).toEqual([]);
    });

    test("send an unreadable record to the dead letters at once", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const letters = await deadLettersOf(bus, topic);
      let deliveries = 0;
      await bus.subscribe({
        group: randomUUID(),
        topics: [topic],
        handler: async () => {
          deliveries += 1;
          throw new AppError("MESSAGE_UNREADABLE", "not a task");
        },
      });
      await publishAll(bus, topic, ["garbage"]);
      await eventually(() => expect(letters).toHaveLength(1));
      expect(letters[0]).toMatchObject({ deliveries: 1, key: "garbage" });
      expect(deliveries).toBe(1);
    });

    test("do not keep other partitions waiting", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 2);
      const { handler, texts } = collect();
      await bus.subscribe({
        group: randomUUID(),
        topics: [topic],
        deliveriesMax: 1_000,
        handler: async (record, signal) => {
          if (record.partition === 0) throw new Error("always");
          await handler(record, signal);
        },
      });
      await bus.publish(topic, { key: "k", value: bytesOf("bad"), partition: 0 });
      await bus.publish(topic, { key: "k", value: bytesOf("good"), partition: 1 });
      await eventually(() => expect(texts()).toEqual(["good"]));
    });
  });
}
