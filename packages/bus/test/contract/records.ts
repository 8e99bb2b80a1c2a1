/** Bus contract: what a record is and how it travels. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { HEADERS } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { describe, expect, test } from "vitest";
import type { RecordHandler } from "../../src/bus.ts";
import {
  type Bench,
  bytesOf,
  collect,
  eventually,
  makeTopic,
  publishAll,
  textOf,
  wordsUpTo,
} from "./bench.ts";

export function describeRecords(bench: Bench): void {
  describe("records", () => {
    test("arrive with key, value, headers, time and ascending offsets", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const { records, handler } = collect();
      await bus.subscribe({ group: randomUUID(), topics: [topic], handler });
      const headers = { [HEADERS.requestId]: "r-1", empty: "" };
      const beforeMs = Date.now();
      await bus.publish(topic, { key: "Schlüssel", value: bytesOf("Grüße"), headers });
      await bus.publish(topic, { key: "", value: new Uint8Array(0) });
      await eventually(() => expect(records).toHaveLength(2));
      expect(records[0]).toMatchObject({ topic, partition: 0, key: "Schlüssel", headers });
      expect(records.map(textOf)).toEqual(["Grüße", ""]);
      expect(records[1]?.headers).toEqual({});
      expect(records[0]?.timestampMs).toBeGreaterThanOrEqual(beforeMs - 1_000);
      expect(Number(records[1]?.offset)).toBeGreaterThan(Number(records[0]?.offset));
    });

    test("of one key stay in order and in one partition", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 6);
      const { records, handler } = collect();
      await bus.subscribe({ group: randomUUID(), topics: [topic], handler });
      const keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
      const sent = wordsUpTo(10).flatMap((word) => keys.map((key) => ({ key, word })));
      for (const { key, word } of sent) await bus.publish(topic, { key, value: bytesOf(word) });
      await eventually(() => expect(records).toHaveLength(sent.length));
      for (const key of keys) {
        const own = records.filter((record) => record.key === key);
        expect(own.map(textOf)).toEqual(wordsUpTo(10));
        expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      }
      expect(new Set(records.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    });

    test("go to the partition that Kafka's default partitioner chooses", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 12);
      const { records, handler } = collect();
      await bus.subscribe({ group: randomUUID(), topics: [topic], handler });
      await publishAll(bus, topic, ["21", "foobar", "abc"]);
      await eventually(() => expect(records).toHaveLength(3));
      const partitions = Object.fromEntries(records.map(({ key, partition }) => [key, partition]));
      expect(partitions).toEqual({ "21": 0, foobar: 6, abc: 3 });
    });

    test("go to the partition that the sender names", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 4);
      const { records, handler } = collect();
      await bus.read({ topic, partitions: [3], from: "earliest", handler });
      for (const partition of [0, 3, 1, 3]) {
        await bus.publish(topic, { key: "k", value: bytesOf(String(partition)), partition });
      }
      await eventually(() => expect(records.map(textOf)).toEqual(["3", "3"]));
      const outside = bus.publish(topic, { key: "k", value: bytesOf("x"), partition: 4 });
      await expect(outside).rejects.toBeInstanceOf(AppError);
    });

    test("are copies: neither the sender's buffer nor another handler's changes reach a handler", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const seen: string[] = [];
      const scribble: RecordHandler = async (record) => {
        seen.push(textOf(record));
        record.value.fill(0);
      };
      await bus.subscribe({ group: randomUUID(), topics: [topic], handler: scribble });
      await bus.subscribe({ group: randomUUID(), topics: [topic], handler: scribble });
      const value = bytesOf("original");
      await bus.publish(topic, { key: "k", value });
      value.fill(0);
      await eventually(() => expect(seen).toEqual(["original", "original"]));
    });

    test("larger than a mebibyte are refused", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const value = new Uint8Array(1_100_000);
      const refused = expect(bus.publish(topic, { key: "k", value })).rejects;
      await refused.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    });

    test("are never handled on the publisher's stack", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const { records, handler } = collect();
      await bus.subscribe({ group: randomUUID(), topics: [topic], handler });
      const published = bus.publish(topic, { key: "k", value: bytesOf("x") });
      expect(records).toHaveLength(0);
      await published;
      await eventually(() => expect(records).toHaveLength(1));
    });
  });
}

/** Longer than any bus takes to deliver on a busy machine. */
const SHORT_LIFE_MS = 300;

export function describeLives(bench: Bench): void {
  describe("a record's life", () => {
    test("counts from its sending; a record that has outlived it is dropped and told of", async () => {
      const bus = await bench.connect();
      const topic = await makeTopic(bus, 1);
      const [handled, expired] = [collect(), collect()];
      const group = randomUUID();
      await bus.subscribe({
        group,
        topics: [topic],
        // So long that what waits behind it grows old.
        handler: async (record, signal) => {
          await handled.handler(record, signal);
          if (textOf(record) === "slow") await pause(2 * SHORT_LIFE_MS);
        },
        onExpired: (record) => void expired.records.push(record),
      });
      const send = (text: string, lifeMs: number) => {
        const headers = { [HEADERS.life]: String(lifeMs) };
        return bus.publish(topic, { key: "k", value: bytesOf(text), headers });
      };
      await send("slow", 60_000);
      await send("late", SHORT_LIFE_MS);
      await send("in time", 60_000);
      await eventually(() => expect(handled.texts()).toEqual(["slow", "in time"]));
      expect(expired.texts()).toEqual(["late"]);
      await eventually(async () => {
        const own = (await bus.lag()).filter((entry) => entry.topic === topic);
        expect(own.map(({ lag }) => lag)).toEqual([0]);
      });
    });
  });
}

export function describeClosedConnection(bench: Bench): void {
  describe("a closed connection", () => {
    test("refuses every call, says so, and closes again without complaint", async () => {
      const bus = await bench.connect("gone");
      const topic = await makeTopic(bus, 1);
      const { handler } = collect();
      await bus.close();
      const topics = [topic];
      const calls = [
        bus.publish(topic, { key: "k", value: bytesOf("x") }),
        bus.subscribe({ group: randomUUID(), topics, handler }),
        bus.read({ topic, partitions: [0], from: "latest", handler }),
        bus.ensureTopics([]),
        bus.partitionCount(topic),
        bus.lag(),
      ];
      for (const call of await Promise.allSettled(calls)) {
        expect(call).toMatchObject({ status: "rejected", reason: { code: "BUS_UNAVAILABLE" } });
      }
      await bus.close();
    });
  });
}
