/** The way of plays through the durable topic into the tables, as small as it can be. */
import { setImmediate } from "node:timers/promises";
import { seededRandom } from "@segue/testkit";
import type { Store } from "../src/open-store.ts";
import { applyToStore, Dice, type Operation } from "./random-operations.ts";

const TOPIC = "plays.v1";
const GROUP = "plays-to-store";
const PLAYS_MAX = 40;
const READ_MAX = 8;
const EVERYTHING = 1_000_000;

/** The same for every process that asks. */
export function operationAt(seed: number, index: number): Operation {
  return new Dice(seededRandom(seed * 100_003 + index), "crash").operation(PLAYS_MAX);
}

/** When it resolves, they are on the topic for good. */
export async function acceptOperations(
  store: Store,
  seed: number,
  indexes: readonly number[],
): Promise<void> {
  await store.log.append(
    indexes.map((index) => ({
      topic: TOPIC,
      partition: 0,
      key: `${index}`,
      value: new TextEncoder().encode(JSON.stringify(operationAt(seed, index))),
      headers: {},
      timestampMs: 0,
    })),
  );
}

/** Some more of the topic; returns how many. What is stored and not committed comes again. */
export async function consumeOperations(store: Store): Promise<number> {
  const offset = (await store.log.committedOffset(GROUP, TOPIC, 0)) ?? 0n;
  const entries = await store.log.read(TOPIC, 0, offset, READ_MAX);
  for (const { value } of entries) await applyToStore(store, fromBytes(value));
  const last = entries.at(-1);
  if (last === undefined) await setImmediate();
  else await store.log.commit(GROUP, TOPIC, 0, last.offset + 1n);
  return entries.length;
}

/** All that was ever accepted, in order, by the key of its entry. */
export async function acceptedOperations(store: Store): Promise<ReadonlyMap<number, Operation>> {
  const entries = await store.log.read(TOPIC, 0, 0n, EVERYTHING);
  return new Map(entries.map(({ key, value }) => [Number(key), fromBytes(value)]));
}

function fromBytes(value: Uint8Array): Operation {
  return JSON.parse(new TextDecoder().decode(value)) as Operation;
}
