/** A bound on the records of one message; its bytes are none, as an empty record takes two of them. */
import { Code } from "@connectrpc/connect";
import {
  assertByteStreamRequest,
  compressedFlag,
  type UniversalHandler,
  type UniversalServerRequest,
} from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import { RecommendationService } from "@segue/contracts/music";
import type { ObserveCall } from "./around-calls.ts";
import { entriesIn } from "./entries-in.ts";
import { tooLarge } from "./size-advice.ts";

/** Each becomes an object of some hundred bytes. Real records reach the usual 64 MiB before. */
export const RECORDS_MAX = 2_000_000;

/** One byte of flags and four of length stand before a message. */
const PREFIX_BYTES = 5;
const COMPRESSIONS = [compressionGzip, compressionBrotli];

export interface RecordLimits {
  readonly bytesMax: number;
  readonly recordsMax: number;
}

/**
 * RESOURCE_EXHAUSTED for a unary call with too many records, before an object is made of any. The
 * message of a stream is a batch, whose rows are no records.
 */
export function withRecordLimit(
  handler: UniversalHandler,
  limits: RecordLimits,
  observe: ObserveCall,
): UniversalHandler {
  const { service, method } = handler;
  if (method.methodKind !== "unary") return handler;
  const depth = service.typeName === RecommendationService.typeName ? 2 : 1;
  const check = (message: Uint8Array) => {
    if (entriesIn(message, depth, limits.recordsMax) <= limits.recordsMax) return;
    const error = tooLarge(
      handler,
      `holds more than ${limits.recordsMax.toLocaleString("en")} records`,
    );
    // Before what is around every call.
    observe({ call: `${service.typeName}/${method.name}`, code: Code[error.code] }, 0);
    throw error;
  };
  const answer = (request: UniversalServerRequest) => {
    assertByteStreamRequest(request);
    const encoding = request.header.get("grpc-encoding");
    return handler({ ...request, body: checked(request.body, encoding, limits.bytesMax, check) });
  };
  return Object.assign(answer, handler);
}

/** The whole message with its prefix, unpacked; one that is none is left to its reader to refuse. */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  encoding: string | null,
  bytesMax: number,
  check: (message: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const bytes = await wholeOf(body, bytesMax);
  const message = bytes.subarray(PREFIX_BYTES);
  const compression = COMPRESSIONS.find(({ name }) => name === encoding);
  const isPacked = ((bytes[0] ?? 0) & compressedFlag) !== 0;
  const isWhole = bytes.length >= PREFIX_BYTES && bytes.readUInt32BE(1) === message.length;
  if (!isWhole || (isPacked && compression === undefined)) {
    yield bytes;
  } else if (isPacked && compression !== undefined) {
    const unpacked = await compression.decompress(message, bytesMax);
    check(unpacked);
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(unpacked.length, 1);
    yield prefix;
    yield unpacked;
  } else {
    check(message);
    yield bytes;
  }
}

/** Everything that comes, or the beginning of what says that it is too large. */
async function wholeOf(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let lengthMax = PREFIX_BYTES;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < PREFIX_BYTES) continue;
    if (lengthMax === PREFIX_BYTES) {
      const announced = Buffer.concat(chunks).readUInt32BE(1);
      lengthMax = announced > bytesMax ? 0 : PREFIX_BYTES + announced;
    }
    if (length > lengthMax) break;
  }
  return Buffer.concat(chunks);
}
