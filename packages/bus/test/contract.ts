/**
 * What every bus must do, told through its interface alone. Each implementation runs this suite
 * against the real thing; topics and groups have random names, so a shared cluster will do.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { DeadLetterSchema, fromBinary, HEADERS, TOPICS } from "@segue/contracts";
import { AppError } from "@segue/errors";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Bus, BusRecord, OwnershipChange, RecordHandler, TopicKind } from "../src/bus.ts";

export interface BusCluster {
  connect(clientName: string): Promise<Bus>;
  /** Cuts a member off as a crash of its process would: no commit, no farewell. */
  kill(bus: Bus): Promise<void>;
  /** Stops everything and starts it again; only durable topics and their offsets need to be left. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const WAIT_MS = 15_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (record: BusRecord) => new TextDecoder().decode(record.value);
const wordsUpTo = (count: number) => Array.from({ length: count }, (_, index) => `word-${index}`);

async function eventually(claim: () => void | Promise<void>): Promise<void> {
  const endMs = Date.now() + WAIT_MS;
  for (;;) {
    try {
      await claim();
      return;
    } catch (failure) {
      if (Date.now() > endMs) throw failure;
      await pause(5);
    }
  }
}

/** A promise and its resolver: lets a test hold a handler back. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export function describeBusContract(name: string, createCluster: () => Promise<BusCluster>): void {
  describe(`bus contract: ${name}`, () => {
    let cluster: BusCluster;
    let connected: Bus[] = [];

    beforeAll(async () => {
      cluster = await createCluster();
    });
    afterEach(async () => {
      await Promise.all(connected.map((bus) => bus.close()));
      connected = [];
    });
    afterAll(() => cluster.close());

    const connect = async (clientName = "member"): Promise<Bus> => {
      const bus = await cluster.connect(clientName);
      connected.push(bus);
      return bus;
    };
    const makeTopic = async (bus: Bus, partitions: number, kind: TopicKind = "work") => {
      const topic = `contract.${kind}.${randomUUID()}`;
      await bus.ensureTopics([{ name: topic, kind, partitions }]);
      return topic;
    };
    const publishAll = async (bus: Bus, topic: string, texts: readonly string[], key?: string) => {
      for (const text of texts) {
        await bus.publish(topic, { key: key ?? text, value: bytesOf(text) });
      }
    };
    const collect = () => {
      const records: BusRecord[] = [];
      const handler: RecordHandler = async (record) => void records.push(record);
      return { records, handler, texts: () => records.map(textOf) };
    };
    const deadLettersOf = async (bus: Bus, topic: string) => {
      const letters: ReturnType<typeof read>[] = [];
      const read = (record: BusRecord) => fromBinary(DeadLetterSchema, record.value);
      await bus.ensureTopics([{ name: TOPICS.dead, kind: "durable", partitions: 1 }]);
      await bus.read({
        topic: TOPICS.dead,
        partitions: [0],
        from: "earliest",
        handler: async (record) => {
          const letter = read(record);
          if (letter.topic === topic) letters.push(letter);
        },
      });
      return letters;
    };

    describe("records", () => {
      test("arrive with key, value, headers, time and ascending offsets", async () => {
        const bus = await connect();
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
        const bus = await connect();
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
        const bus = await connect();
        const topic = await makeTopic(bus, 12);
        const { records, handler } = collect();
        await bus.subscribe({ group: randomUUID(), topics: [topic], handler });
        await publishAll(bus, topic, ["21", "foobar", "abc"]);
        await eventually(() => expect(records).toHaveLength(3));
        const partitions = Object.fromEntries(
          records.map(({ key, partition }) => [key, partition]),
        );
        expect(partitions).toEqual({ "21": 0, foobar: 6, abc: 3 });
      });

      test("go to the partition that the sender names", async () => {
        const bus = await connect();
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
        const bus = await connect();
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
        const bus = await connect();
        const topic = await makeTopic(bus, 1);
        const value = new Uint8Array(1_100_000);
        const refused = expect(bus.publish(topic, { key: "k", value })).rejects;
        await refused.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
      });

      test("are never handled on the publisher's stack", async () => {
        const bus = await connect();
        const topic = await makeTopic(bus, 1);
        const { records, handler } = collect();
        await bus.subscribe({ group: randomUUID(), topics: [topic], handler });
        const published = bus.publish(topic, { key: "k", value: bytesOf("x") });
        expect(records).toHaveLength(0);
        await published;
        await eventually(() => expect(records).toHaveLength(1));
      });
    });

    describe("topics", () => {
      test("are created once, however many members ask for them", async () => {
        const members = await Promise.all([connect("a"), connect("b"), connect("c")]);
        const topic = `contract.work.${randomUUID()}`;
        const spec = { name: topic, kind: "work", partitions: 5 } as const;
        await Promise.all(members.map((bus) => bus.ensureTopics([spec])));
        for (const bus of members) expect(await bus.partitionCount(topic)).toBe(5);
      });

      test("of another kind are refused", async () => {
        const bus = await connect();
        const topic = await makeTopic(bus, 1, "compacted");
        const refused = expect(bus.ensureTopics([{ name: topic, kind: "work", partitions: 1 }]));
        await refused.rejects.toMatchObject({ code: "CONFIG_INVALID" });
      });

      test("that do not exist cannot be used", async () => {
        const bus = await connect();
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
        const bus = await connect();
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

    describe("groups", () => {
      test("each see every record, and within a group each record is handled once", async () => {
        const [first, second, other] = await Promise.all([connect(), connect(), connect()]);
        const topic = await makeTopic(first, 6);
        const [mine, theirs, whole] = [collect(), collect(), collect()];
        const group = randomUUID();
        const a = await first.subscribe({ group, topics: [topic], handler: mine.handler });
        const b = await second.subscribe({ group, topics: [topic], handler: theirs.handler });
        const alone = { group: randomUUID(), topics: [topic], handler: whole.handler };
        await other.subscribe(alone);
        const owned = () => [...(a.owned().get(topic) ?? []), ...(b.owned().get(topic) ?? [])];
        await eventually(() => expect(owned().toSorted()).toEqual([0, 1, 2, 3, 4, 5]));
        const words = wordsUpTo(60);
        await publishAll(first, topic, words);
        await eventually(() => expect(whole.records).toHaveLength(60));
        await eventually(() =>
          expect([...mine.texts(), ...theirs.texts()].toSorted()).toEqual(words.toSorted()),
        );
        expect(mine.records.length).toBeGreaterThan(0);
        expect(theirs.records.length).toBeGreaterThan(0);
      });

      test("start at the earliest record, or with latest at what comes after joining", async () => {
        const bus = await connect();
        const topic = await makeTopic(bus, 1);
        await publishAll(bus, topic, ["old"]);
        const [everything, news] = [collect(), collect()];
        const topics = [topic];
        await bus.subscribe({ group: randomUUID(), topics, handler: everything.handler });
        const latest = {
          group: randomUUID(),
          topics,
          from: "latest",
          handler: news.handler,
        } as const;
        await bus.subscribe(latest);
        await publishAll(bus, topic, ["new"]);
        await eventually(() => expect(everything.texts()).toEqual(["old", "new"]));
        await eventually(() => expect(news.texts()).toEqual(["new"]));
      });

      test("go on where they were when a member left in good order", async () => {
        const [first, second] = await Promise.all([connect(), connect()]);
        const topic = await makeTopic(first, 1);
        const group = randomUUID();
        const [before, after] = [collect(), collect()];
        const subscription = await first.subscribe({
          group,
          topics: [topic],
          handler: before.handler,
        });
        await publishAll(first, topic, ["one", "two"]);
        await eventually(() => expect(before.texts()).toEqual(["one", "two"]));
        await subscription.close();
        await publishAll(first, topic, ["three"]);
        await second.subscribe({ group, topics: [topic], handler: after.handler });
        await eventually(() => expect(after.texts()).toEqual(["three"]));
        expect(before.texts()).toEqual(["one", "two"]);
      });

      test("hand a killed member's uncommitted records to another", async () => {
        const [doomed, survivor] = await Promise.all([connect("doomed"), connect("survivor")]);
        const topic = await makeTopic(doomed, 1);
        const group = randomUUID();
        const stuck = gate();
        const started = collect();
        const rescued = collect();
        await doomed.subscribe({
          group,
          topics: [topic],
          handler: async (record) => {
            await started.handler(record, AbortSignal.abort());
            if (textOf(record) !== "done") await stuck.opened;
          },
        });
        await publishAll(doomed, topic, ["done", "under way", "waiting"], "k");
        await eventually(() => expect(started.texts()).toEqual(["done", "under way"]));
        await survivor.subscribe({ group, topics: [topic], handler: rescued.handler });
        await cluster.kill(doomed);
        stuck.open();
        await eventually(() => {
          expect(rescued.texts().slice(-2)).toEqual(["under way", "waiting"]);
        });
        await publishAll(survivor, topic, ["later"], "k");
        await eventually(() => expect(rescued.texts().at(-1)).toBe("later"));
        expect(started.texts()).toEqual(["done", "under way"]);
      });

      test("abort the signal of a killed member's handlers", async () => {
        const [doomed, survivor] = await Promise.all([connect("doomed"), connect("survivor")]);
        const topic = await makeTopic(doomed, 1);
        const signals: AbortSignal[] = [];
        await doomed.subscribe({
          group: randomUUID(),
          topics: [topic],
          handler: (_, signal) => {
            signals.push(signal);
            return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
          },
        });
        await publishAll(survivor, topic, ["x"]);
        await eventually(() => expect(signals.map(({ aborted }) => aborted)).toEqual([false]));
        await cluster.kill(doomed);
        await eventually(() => expect(signals[0]?.aborted).toBe(true));
      });
    });

    describe("rebalance", () => {
      test("tells members what they gained and lost, and never gives a partition to two", async () => {
        const [first, second] = await Promise.all([connect("first"), connect("second")]);
        const topic = await makeTopic(first, 12);
        const group = randomUUID();
        const owners = new Map<number, string>();
        const conflicts: string[] = [];
        const follow = (who: string) => (change: OwnershipChange) => {
          expect(change.topic).toBe(topic);
          for (const partition of change.lost) {
            if (owners.get(partition) !== who) conflicts.push(`${who} lost ${partition}`);
            owners.delete(partition);
          }
          for (const partition of change.gained) {
            if (owners.has(partition)) conflicts.push(`${who} gained ${partition}`);
            owners.set(partition, who);
          }
          const own = [...owners].filter(([, owner]) => owner === who).map(([owned]) => owned);
          expect(change.owned).toEqual(own.toSorted((left, right) => left - right));
        };
        const countOf = (who: string) => [...owners.values()].filter((own) => own === who).length;
        const { handler } = collect();
        const join = (bus: Bus, who: string) =>
          bus.subscribe({ group, topics: [topic], handler, onOwnership: follow(who) });
        await join(first, "first");
        await eventually(() => expect(countOf("first")).toBe(12));
        const newcomer = await join(second, "second");
        await eventually(() => expect([countOf("first"), countOf("second")]).toEqual([6, 6]));
        await newcomer.close();
        await eventually(() => expect(countOf("first")).toBe(12));
        expect(newcomer.owned().get(topic) ?? []).toEqual([]);
        expect(conflicts).toEqual([]);
      });

      test("waits for the handler under way and goes on behind it elsewhere", async () => {
        const [first, second] = await Promise.all([connect("first"), connect("second")]);
        const topic = await makeTopic(first, 2);
        const group = randomUUID();
        const busy = gate();
        const events: string[] = [];
        const handlerOf =
          (who: string): RecordHandler =>
          async (record) => {
            events.push(`${who} starts ${textOf(record)}`);
            if (textOf(record).startsWith("slow")) await busy.opened;
            events.push(`${who} ends ${textOf(record)}`);
          };
        const join = (bus: Bus, who: string) =>
          bus.subscribe({ group, topics: [topic], handler: handlerOf(who) });
        const early = await join(first, "first");
        await eventually(() => expect(early.owned().get(topic)).toEqual([0, 1]));
        for (const partition of [0, 1]) {
          for (const text of [`slow ${partition}`, `next ${partition}`]) {
            await first.publish(topic, { key: "k", value: bytesOf(text), partition });
          }
        }
        await eventually(() => expect(events).toHaveLength(2));
        const late = await join(second, "second");
        await pause(50);
        expect(events).toHaveLength(2);
        busy.open();
        await eventually(() => expect(events).toHaveLength(8));
        await eventually(() => expect(late.owned().get(topic)).toHaveLength(1));
        const moved = late.owned().get(topic)?.[0];
        expect(events.indexOf(`first ends slow ${moved}`)).toBeLessThan(
          events.indexOf(`second starts next ${moved}`),
        );
        expect(events).not.toContain(`second starts slow ${moved}`);
      });

      test("does not stop the partitions that stay", async () => {
        const [first, second] = await Promise.all([connect("first"), connect("second")]);
        const topic = await makeTopic(first, 2);
        const group = randomUUID();
        const busy = gate();
        onTestFinished(busy.open);
        const handled: number[] = [];
        const handler: RecordHandler = async (record) => {
          if (textOf(record) === "slow") await busy.opened;
          else handled.push(record.partition);
        };
        await first.subscribe({ group, topics: [topic], handler });
        await first.publish(topic, { key: "k", value: bytesOf("slow"), partition: 1 });
        await second.subscribe({ group, topics: [topic], handler });
        await first.publish(topic, { key: "k", value: bytesOf("quick"), partition: 0 });
        await eventually(() => expect(handled).toEqual([0]));
        busy.open();
      });
    });

    describe("commits", () => {
      test("follow the order of a partition even when handlers overlap", async () => {
        const [doomed, survivor] = await Promise.all([connect("doomed"), connect("survivor")]);
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
        await cluster.kill(doomed);
        // Nothing was committed past the record that was still under way.
        await eventually(() => expect(rescued.texts()).toEqual(wordsUpTo(4)));
      });

      test("show as lag until the handler has resolved", async () => {
        const bus = await connect();
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
        const [first, second] = await Promise.all([connect("first"), connect("second")]);
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

    describe("failing handlers", () => {
      test("get the record again, before the records behind it", async () => {
        const bus = await connect();
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
        const bus = await connect();
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
            if (textOf(record) !== "poison") return await handler(record, signal);
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

      test("send an unreadable record to the dead letters at once", async () => {
        const bus = await connect();
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
        expect(letters[0]).toMatchObject({ deliveries: 1, group: expect.any(String) });
        expect(deliveries).toBe(1);
      });

      test("do not keep other partitions waiting", async () => {
        const bus = await connect();
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

    describe("deadlines", () => {
      test("that have passed drop the record and tell so", async () => {
        const bus = await connect();
        const topic = await makeTopic(bus, 1);
        const [handled, expired] = [collect(), collect()];
        const group = randomUUID();
        await bus.subscribe({
          group,
          topics: [topic],
          handler: handled.handler,
          onExpired: (record) => void expired.records.push(record),
        });
        const send = (text: string, deadlineMs: number) => {
          const headers = { [HEADERS.deadline]: String(deadlineMs) };
          return bus.publish(topic, { key: "k", value: bytesOf(text), headers });
        };
        await send("late", Date.now() - 1);
        await send("in time", Date.now() + 60_000);
        await eventually(() => expect(handled.texts()).toEqual(["in time"]));
        expect(expired.texts()).toEqual(["late"]);
        await eventually(async () => {
          const own = (await bus.lag()).filter((entry) => entry.topic === topic);
          expect(own.map(({ lag }) => lag)).toEqual([0]);
        });
      });
    });

    describe("fixed partitions", () => {
      test("are read from the start, tell when they have caught up, and go on", async () => {
        const bus = await connect();
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
        const bus = await connect();
        const topic = await makeTopic(bus, 2);
        const caughtUp = gate();
        const { handler } = collect();
        const partitions = [0, 1];
        await bus.read({ topic, partitions, from: "latest", handler, onCaughtUp: caughtUp.open });
        await caughtUp.opened;
      });

      test("are read by every reader, and nothing comes after close", async () => {
        const [first, second] = await Promise.all([connect(), connect()]);
        const topic = await makeTopic(first, 1);
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

    describe("compacted topics", () => {
      test("give a late reader the newest value of each key", async () => {
        const bus = await connect();
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

    describe("durable topics", () => {
      test("keep their records and the groups' offsets over a restart", async () => {
        const before = await connect("before");
        const topic = await makeTopic(before, 2, "durable");
        const group = randomUUID();
        const handled = collect();
        await before.subscribe({ group, topics: [topic], handler: handled.handler });
        await publishAll(before, topic, wordsUpTo(5));
        await eventually(() => expect(handled.records).toHaveLength(5));
        await before.close();
        const sender = await connect("sender");
        const headers = { [HEADERS.requestId]: "r-9" };
        await sender.publish(topic, { key: "k", value: bytesOf("unhandled"), headers });
        await sender.close();
        await cluster.restart();
        const after = await connect("after");
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
        const bus = await connect();
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

    describe("a closed connection", () => {
      test("refuses every call, says so, and closes again without complaint", async () => {
        const bus = await connect("gone");
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
  });
}
