import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { areCopiesComplete } from "./partition-copies.ts";

// Real: a connection. The other end says what a broker would.

interface Partition {
  readonly leader: number;
  readonly copies: readonly number[];
  readonly inSync: readonly number[];
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(value.length), Buffer.from(value)]);
}

function array<Item>(items: readonly Item[], write: (item: Item) => Buffer): Buffer {
  return Buffer.concat([int32(items.length), ...items.map(write)]);
}

function metadata(brokers: readonly number[], partitions: readonly Partition[]): Buffer {
  const broker = (id: number) =>
    Buffer.concat([int32(id), text("127.0.0.1"), int32(9092), int16(-1)]);
  const partition = ({ leader, copies, inSync }: Partition) =>
    Buffer.concat([int16(0), int32(0), int32(leader), array(copies, int32), array(inSync, int32)]);
  const topic = (name: string) =>
    Buffer.concat([int16(0), text(name), Buffer.alloc(1), array(partitions, partition)]);
  const body = [int32(0), array(brokers, broker), int32(1), array(["one", "two"], topic)];
  const answer = Buffer.concat(body);
  return Buffer.concat([int32(answer.length), answer]);
}

async function brokerThatSays(answer: Buffer): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    // In two parts, as a network may.
    socket.write(answer.subarray(0, 9));
    setImmediate(() => socket.write(answer.subarray(9)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const COMPLETE = { leader: 1, copies: [1, 2], inSync: [2, 1] };

describe("areCopiesComplete", () => {
  it("is true when every partition has a leader and all its copies in sync", async () => {
    const broker = await brokerThatSays(metadata([1, 2], [COMPLETE]));
    expect(await areCopiesComplete([broker, "127.0.0.1:1"])).toBe(true);
  });

  it.each([
    ["a copy behind", metadata([1, 2], [COMPLETE, { ...COMPLETE, inSync: [1] }])],
    ["no leader", metadata([1, 2], [{ ...COMPLETE, leader: -1 }])],
    ["a broker away", metadata([1], [COMPLETE])],
  ])("is false with %s", async (_, answer) => {
    const broker = await brokerThatSays(answer);
    expect(await areCopiesComplete([broker, "127.0.0.1:1"])).toBe(false);
  });

  it("is false when no broker answers, and asks the next when one does not", async () => {
    expect(await areCopiesComplete(["127.0.0.1:1", "127.0.0.1:1"])).toBe(false);
    const broker = await brokerThatSays(metadata([1, 2], [COMPLETE]));
    expect(await areCopiesComplete(["127.0.0.1:1", broker])).toBe(true);
  });
});
