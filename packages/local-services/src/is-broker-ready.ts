/**
 * Asks a broker the way its clients do. A broker opens its port before the controllers let it
 * serve; only then is it in its own Metadata answer
 * (https://kafka.apache.org/protocol#The_Messages_Metadata, version 2).
 */
import { probePort } from "./probe-port.ts";

export interface BrokerQuestion {
  readonly port: number;
  readonly nodeId: number;
  /** A broker of another cluster on this port is not the one that was started. */
  readonly clusterId: string;
}

const METADATA = { apiKey: 3, version: 2 };
const CORRELATION_ID = 7;
const CLIENT_NAME = "segue-ready";

export async function isBrokerReady({ port, nodeId, clusterId }: BrokerQuestion): Promise<boolean> {
  return probePort({
    port,
    question: metadataRequest(),
    judge: (answer) => {
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return undefined;
      try {
        const metadata = readMetadata(answer);
        return metadata.clusterId === clusterId && metadata.portsById.get(nodeId) === port;
      } catch {
        return false;
      }
    },
  });
}

/** Asks for no topic, so that the answer stays small. */
function metadataRequest(): Buffer {
  const body = Buffer.alloc(8 + 2 + CLIENT_NAME.length + 4);
  body.writeInt16BE(METADATA.apiKey, 0);
  body.writeInt16BE(METADATA.version, 2);
  body.writeInt32BE(CORRELATION_ID, 4);
  body.writeInt16BE(CLIENT_NAME.length, 8);
  body.write(CLIENT_NAME, 10);
  body.writeInt32BE(0, 10 + CLIENT_NAME.length);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** Throws RangeError where the answer is shorter than it says. */
function readMetadata(answer: Buffer): {
  clusterId: string;
  portsById: ReadonlyMap<number, number>;
} {
  let at = 4;
  const int32 = () => {
    at += 4;
    return answer.readInt32BE(at - 4);
  };
  const text = () => {
    const length = answer.readInt16BE(at);
    const from = at + 2;
    at = from + Math.max(0, length);
    return answer.toString("utf8", from, at);
  };
  int32();
  const portsById = new Map<number, number>();
  for (let left = int32(); left > 0; left -= 1) {
    const nodeId = int32();
    text();
    portsById.set(nodeId, int32());
    text();
  }
  return { clusterId: text(), portsById };
}
