/** Bus contract: how members of a group share partitions. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Bus, OwnershipChange, RecordHandler } from "../../src/bus.ts";
import {
  type Bench,
  bytesOf,
  collect,
  eventually,
  gate,
  makeTopic,
  publishAll,
  sorted,
  textOf,
  wordsUpTo,
} from "./bench.ts";

export function describeGroups(bench: Bench): void {
  describe("groups", () => {
    test("each see every record, and within a group each record is handled once", async () => {
      const [first, second, other] = await Promise.all([
        bench.connect(),
        bench.connect(),
        bench.connect(),
      ]);
      const topic = await makeTopic(first, 6);
      const [mine, theirs, whole] = [collect(), collect(), collect()];
      const group = randomUUID();
      const a = await first.subscribe({ group, topics: [topic], handler: mine.handler });
      const b = await second.subscribe({ group, topics: [topic], handler: theirs.handler });
      const alone = { group: randomUUID(), topics: [topic], handler: whole.handler };
      await other.subscribe(alone);
      // One of them may have all partitions for a moment, before the other gets its share.
      const owned = () => [a, b].map((member) => member.owned().get(topic) ?? []);
      await eventually(() => {
        expect(sorted(owned().flat().map(String))).toEqual(["0", "1", "2", "3", "4", "5"]);
        expect(owned().map(({ length }) => length)).toEqual([3, 3]);
      });
      const words = wordsUpTo(60);
      await publishAll(first, topic, words);
      await eventually(() => expect(whole.records).toHaveLength(60));
      await eventually(() =>
        expect(sorted([...mine.texts(), ...theirs.texts()])).toEqual(sorted(words)),
      );
      expect(mine.records.length).toBeGreaterThan(0);
      expect(theirs.records.length).toBeGreaterThan(0);
    });

    test("start at the earliest record, or with latest at what comes after joining", async () => {
      const bus = await bench.connect();
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
      const [first, second] = await Promise.all([bench.connect(), bench.connect()]);
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
      const [doomed, survivor] = await Promise.all([
        bench.connect("doomed"),
        bench.connect("survivor"),
      ]);
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
      await bench.kill(doomed);
      stuck.open();
      await eventually(() => {
        expect(rescued.texts().slice(-2)).toEqual(["under way", "waiting"]);
      });
      await publishAll(survivor, topic, ["later"], "k");
      await eventually(() => expect(rescued.texts().at(-1)).toBe("later"));
      expect(started.texts()).toEqual(["done", "under way"]);
    });

    test("abort the signal of a killed member's handlers", async () => {
      const [doomed, survivor] = await Promise.all([
        bench.connect("doomed"),
        bench.connect("survivor"),
      ]);
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
      await bench.kill(doomed);
      await eventually(() => expect(signals[0]?.aborted).toBe(true));
    });
  });
}

export function describeRebalance(bench: Bench): void {
  describe("rebalance", () => {
    test("tells members what they gained and lost, and never gives a partition to two", async () => {
      const [first, second] = await Promise.all([bench.connect("first"), bench.connect("second")]);
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
      const [first, second] = await Promise.all([bench.connect("first"), bench.connect("second")]);
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
      // Long enough for most buses to ask for a partition back: nobody gets it meanwhile.
      await pause(400);
      expect(events).toHaveLength(2);
      expect(late.owned().get(topic) ?? []).toEqual([]);
      busy.open();
      await eventually(() => expect(late.owned().get(topic)).toHaveLength(1));
      const moved = late.owned().get(topic)?.[0] ?? -1;
      const last = { key: "k", value: bytesOf(`last ${moved}`), partition: moved };
      await first.publish(topic, last);
      await eventually(() => expect(events).toContain(`second ends last ${moved}`));
      const own = events.filter((event) => event.endsWith(` ${moved}`));
      const steps = ["slow", "next", "last"].flatMap((text) => [
        `starts ${text} ${moved}`,
        `ends ${text} ${moved}`,
      ]);
      expect(own.map((event) => event.slice(event.indexOf(" ") + 1))).toEqual(steps);
      expect(own.slice(0, 2).every((event) => event.startsWith("first"))).toBe(true);
    });

    test("hands over what a killed member was about to give up, once and for all", async () => {
      const [doomed, survivor] = await Promise.all([bench.connect(), bench.connect()]);
      const topic = await makeTopic(doomed, 2);
      const group = randomUUID();
      const stuck = gate();
      const rescued = collect();
      let started = 0;
      const handler: RecordHandler = () => {
        started += 1;
        return stuck.opened;
      };
      await doomed.subscribe({ group, topics: [topic], handler });
      for (const partition of [0, 1]) {
        await survivor.publish(topic, { key: "k", value: bytesOf(`x${partition}`), partition });
      }
      await eventually(() => expect(started).toBe(2));
      const heir = await survivor.subscribe({ group, topics: [topic], handler: rescued.handler });
      await bench.kill(doomed);
      await eventually(() => expect(sorted(rescued.texts())).toEqual(["x0", "x1"]));
      stuck.open();
      await publishAll(survivor, topic, wordsUpTo(8));
      await eventually(() => expect(rescued.records).toHaveLength(10));
      expect(heir.owned().get(topic)).toEqual([0, 1]);
    });

    test("does not stop the partitions that stay", async () => {
      const [first, second] = await Promise.all([bench.connect("first"), bench.connect("second")]);
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
}
