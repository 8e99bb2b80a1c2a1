/**
 * The safetensors format (https://huggingface.co/docs/safetensors): eight bytes of header length,
 * a JSON header, the tensors' bytes end to end. Reading trusts nothing that the header claims.
 */
import { AppError } from "@segue/errors";

/** The element types our checkpoints use, with their width in bytes. */
export const ELEMENT_BYTES = { F32: 4, I32: 4, U8: 1 } as const;
export type ElementName = keyof typeof ELEMENT_BYTES;

/** Where a tensor is; `offset` counts from the start of the file. */
export interface TensorEntry {
  readonly type: ElementName;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

export interface TensorContent {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export const HEADER_LENGTH_BYTES = 8;
const HEADER_BYTES_MAX = 16 * 1024 * 1024;

/** Length of the JSON header, from the file's first eight bytes. */
export function parseHeaderLength(start: Uint8Array, fileBytes: number): number {
  if (start.byteLength < HEADER_LENGTH_BYTES) throw damaged("it is shorter than eight bytes");
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(HEADER_BYTES_MAX, fileBytes - HEADER_LENGTH_BYTES))) {
    throw damaged(`its header claims ${length} bytes, the file has ${fileBytes}`);
  }
  return Number(length);
}

/** @param json the header's bytes  @param fileBytes size of the whole file */
export function parseHeader(json: Uint8Array, fileBytes: number): SafetensorsHeader {
  const header = parseObject(json);
  const dataStart = HEADER_LENGTH_BYTES + json.byteLength;
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") metadata = parseMetadata(value);
    else tensors.set(name, parseEntry(name, value, dataStart));
  }
  assertContiguous(tensors, dataStart, fileBytes);
  return { metadata, tensors };
}

/** The whole file. Four-byte elements come first, so that every tensor is aligned. */
export function writeSafetensors(
  metadata: Readonly<Record<string, string>>,
  tensors: Readonly<Record<string, TensorContent>>,
): Uint8Array {
  const ordered = Object.entries(tensors).sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  const header: Record<string, unknown> = { __metadata__: metadata };
  let position = 0;
  for (const [name, { shape, data }] of ordered) {
    const end = position + data.byteLength;
    header[name] = { dtype: elementNameOf(data), shape, data_offsets: [position, end] };
    position = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const headerLength = Math.ceil(text.byteLength / 8) * 8;
  const file = new Uint8Array(HEADER_LENGTH_BYTES + headerLength + position);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, HEADER_LENGTH_BYTES, HEADER_LENGTH_BYTES + headerLength);
  file.set(text, HEADER_LENGTH_BYTES);
  let offset = HEADER_LENGTH_BYTES + headerLength;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

export function elementNameOf(data: TensorContent["data"]): ElementName {
  if (data instanceof Float32Array) return "F32";
  return data instanceof Int32Array ? "I32" : "U8";
}

export function elementCountOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

function parseObject(json: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch (cause) {
    throw damaged("its header is not JSON", cause);
  }
  if (!isObject(value)) throw damaged("its header is not a JSON object");
  return value;
}

function parseMetadata(value: unknown): Record<string, string> {
  if (!isObject(value)) throw damaged("__metadata__ is not an object");
  const metadata: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw damaged(`__metadata__.${key} is not a string`);
    metadata[key] = text;
  }
  return metadata;
}

function parseEntry(name: string, value: unknown, dataStart: number): TensorEntry {
  if (!isObject(value)) throw damaged(`tensor ${name} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isElementName(dtype)) throw damaged(`tensor ${name} has the unknown type ${String(dtype)}`);
  if (!isCountList(shape)) throw damaged(`tensor ${name} has no valid shape`);
  if (!isCountList(offsets) || offsets.length !== 2) {
    throw damaged(`tensor ${name} has no valid offsets`);
  }
  const [begin = 0, end = 0] = offsets;
  const byteLength = elementCountOf(shape) * ELEMENT_BYTES[dtype];
  if (end - begin !== byteLength) {
    throw damaged(
      `tensor ${name} of shape [${shape.join(", ")}] takes ${byteLength} bytes, its offsets span ${end - begin}`,
    );
  }
  return { type: dtype, shape, offset: dataStart + begin, byteLength };
}

/** The format allows neither overlaps nor holes, so that nothing hides in a file. */
function assertContiguous(
  tensors: ReadonlyMap<string, TensorEntry>,
  dataStart: number,
  fileBytes: number,
): void {
  let end = dataStart;
  const byOffset = [...tensors].sort(
    ([, a], [, b]) => a.offset - b.offset || a.byteLength - b.byteLength,
  );
  for (const [name, { offset, byteLength }] of byOffset) {
    if (offset !== end) {
      throw damaged(`tensor ${name} starts at byte ${offset}, the one before ends at ${end}`);
    }
    end = offset + byteLength;
  }
  if (end !== fileBytes) throw damaged(`its tensors end at byte ${end}, the file at ${fileBytes}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isElementName(value: unknown): value is ElementName {
  return typeof value === "string" && Object.hasOwn(ELEMENT_BYTES, value);
}

function isCountList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function damaged(problem: string, cause?: unknown): AppError {
  return new AppError(
    "MODEL_INVALID",
    `The model file is not a usable safetensors file: ${problem}; export or copy it again`,
    { cause },
  );
}
