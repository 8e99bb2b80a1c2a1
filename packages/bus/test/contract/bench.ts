/** What the files of the bus contract share: a cluster, connections to it, and ways to look. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type DeadLetter, DeadLetterSchema, fromBinary, TOPICS } from "@segue/contracts";
import type { Bus, BusRecord, RecordHandler, TopicKind } from "../../src/bus.ts";

export interface BusCluster {
  connect(clientName: string): Promise<Bus>;
  /** Cuts a member off as a crash of its process would: no commit, no farewell. */
  kill(bus: Bus): Promise<void>;
  /** Stops everything and starts it again; only durable topics and their offsets need to be left. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** The cluster under test; connections made here are closed after each test. */
export interface Bench {
  connect(clientName?: string): Promise<Bus>;
  kill(bus: Bus): Promise<void>;
  restart(): Promise<void>;
}

const WAIT_MS = 15_000;

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (record: BusRecord): string => new TextDecoder().decode(record.value);
export const wordsUpTo = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `word-${index}`);
export const sorted = (texts: readonly string[]): string[] =>
  texts.toSorted((left, right) => left.localeCompare(right));

/** Tries the claim until it holds or the wait is over. */
export async function eventually(claim: () => void | Promise<void>): Promise<void> {
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
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export async function makeTopic(
  bus: Bus,
  partitions: number,
  kind: TopicKind = "work",
): Promise<string> {
  const topic = `contract.${kind}.${randomUUID()}`;
  await bus.ensureTopics([{ name: topic, kind, partitions }]);
  return topic;
}

/** One record per text; without a key each text is its own. */
export async function publishAll(
  bus: Bus,
  topic: string,
  texts: readonly string[],
  key?: string,
): Promise<void> {
  for (const text of texts) await bus.publish(topic, { key: key ?? text, value: bytesOf(text) });
}

export interface Collection {
  readonly records: BusRecord[];
  readonly handler: RecordHandler;
  texts(): string[];
}

export function collect(): Collection {
  const records: BusRecord[] = [];
  const handler: RecordHandler = async (record) => void records.push(record);
  return { records, handler, texts: () => records.map(textOf) };
}

/** The dead letters from this topic, growing as they come. */
export async function deadLettersOf(bus: Bus, topic: string): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await bus.ensureTopics([{ name: TOPICS.dead, kind: "durable", partitions: 1 }]);
  await bus.read({
    topic: TOPICS.dead,
    partitions: [0],
    from: "earliest",
    handler: async (record) => {
      const letter = fromBinary(DeadLetterSchema, record.value);
      if (letter.topic === topic) letters.push(letter);
    },
  });
  return letters;
}
