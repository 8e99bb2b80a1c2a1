/**
 * Whether every partition has all its copies, asked of a broker before the next one stops
 * (https://kafka.apache.org/protocol#The_Messages_Metadata, version 1).
 */
import { connect } from "node:net";

const METADATA = { apiKey: 3, version: 1 };
const ALL_TOPICS = -1;
const TIMEOUT_MS = 2_000;

/**
 * False also while no broker of the list answers, or while one of its partitions has no leader.
 *
 * @param brokers "127.0.0.1:20011"; listeners without TLS
 */
export async function areCopiesComplete(brokers: readonly string[]): Promise<boolean> {
  for (const broker of brokers) {
    const answer = await askMetadata(broker);
    if (answer !== undefined) return isComplete(answer, brokers.length);
  }
  return false;
}

/** The answer without its size; undefined when there is none. */
async function askMetadata(broker: string): Promise<Buffer | undefined> {
  const { hostname, port } = new URL(`kafka://${broker}`);
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const socket = connect({ host: hostname, port: Number(port) });
  let answer = Buffer.alloc(0);
  socket.setTimeout(TIMEOUT_MS, () => resolve(undefined));
  socket.once("error", () => resolve(undefined));
  socket.once("close", () => resolve(undefined));
  socket.on("data", (part) => {
    answer = Buffer.concat([answer, part]);
    if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)) {
      resolve(answer.subarray(4));
    }
  });
  socket.write(metadataRequest());
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

function metadataRequest(): Buffer {
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA.apiKey, 4);
  request.writeInt16BE(METADATA.version, 6);
  // Correlation id 0, and no client id.
  request.writeInt16BE(-1, 12);
  request.writeInt32BE(ALL_TOPICS, 14);
  return request;
}

/** Every broker is there, and every partition has a leader and as many copies in sync as it has. */
function isComplete(answer: Buffer, brokerCount: number): boolean {
  const reader = new Reader(answer);
  reader.int32();
  const brokers = reader.array(() => {
    reader.int32();
    reader.text();
    reader.int32();
    reader.text();
  });
  if (brokers.length < brokerCount) return false;
  reader.int32();
  const topics = reader.array(() => {
    reader.int16();
    reader.text();
    reader.int8();
    return reader
      .array(() => {
        reader.int16();
        reader.int32();
        const leader = reader.int32();
        const copies = reader.array(() => reader.int32());
        const inSync = reader.array(() => reader.int32());
        return leader >= 0 && inSync.length >= copies.length;
      })
      .every(Boolean);
  });
  return topics.every(Boolean);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    this.#at += 1;
    return this.#bytes.readInt8(this.#at - 1);
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  /** Skips a text, which may be null. */
  text(): void {
    const length = this.int16();
    this.#at += Math.max(0, length);
  }

  array<Item>(read: () => Item): Item[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read);
  }
}
