import { AppError } from "@segue/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  HEADER_LENGTH_BYTES,
  parseHeader,
  parseHeaderLength,
  type SafetensorsHeader,
  writeSafetensors,
} from "./safetensors.ts";

describe("safetensors", () => {
  test("reads what it wrote, with every tensor aligned to its elements", () => {
    const file = writeSafetensors(
      { note: "größer" },
      {
        bytes: { shape: [3], data: Uint8Array.of(7, 8, 9) },
        floats: { shape: [2, 2], data: Float32Array.of(1.5, -2, 0, 4) },
        none: { shape: [2, 0], data: new Int32Array() },
        integers: { shape: [1], data: Int32Array.of(-5) },
      },
    );
    const { metadata, tensors } = parse(file);
    expect(metadata).toEqual({ note: "größer" });
    expect([...tensors.keys()].sort()).toEqual(["bytes", "floats", "integers", "none"]);
    const floats = tensors.get("floats");
    expect(floats).toMatchObject({ type: "F32", shape: [2, 2], byteLength: 16 });
    expect([...new Float32Array(file.buffer, floats?.offset, 4)]).toEqual([1.5, -2, 0, 4]);
    expect([...new Int32Array(file.buffer, tensors.get("integers")?.offset, 1)]).toEqual([-5]);
    expect(file.subarray(tensors.get("bytes")?.offset)).toEqual(Uint8Array.of(7, 8, 9));
  });

  test.each([
    ["a file of seven bytes", new Uint8Array(7), "shorter than eight bytes"],
    ["a header beyond the file", withLength(1_000), "its header claims 1000 bytes"],
    ["a header of 2^63 bytes", withLength(2n ** 63n), "its header claims"],
    ["a header that is no JSON", fileOf("{"), "not JSON"],
    ["a header that is a list", fileOf("[]"), "not a JSON object"],
    ["metadata that is a text", fileOf({ __metadata__: "x" }), "__metadata__ is not an object"],
    ["metadata of numbers", fileOf({ __metadata__: { a: 1 } }), "__metadata__.a is not a string"],
    ["a tensor that is null", fileOf({ a: null }), "tensor a is not described"],
    ["an unknown type", fileOf({ a: entry({ dtype: "F64" }) }), "unknown type F64"],
    [
      "a type of Object's own",
      fileOf({ a: entry({ dtype: "toString" }) }),
      "unknown type toString",
    ],
    ["a negative size", fileOf({ a: entry({ shape: [-1] }) }), "no valid shape"],
    ["a fraction as size", fileOf({ a: entry({ shape: [0.5] }) }), "no valid shape"],
    ["a size too large", fileOf({ a: entry({ shape: [2 ** 53] }) }), "no valid shape"],
    ["three offsets", fileOf({ a: entry({ data_offsets: [0, 4, 4] }) }), "no valid offsets"],
    ["offsets of another size", fileOf({ a: entry({ data_offsets: [0, 8] }) }), "span 8"],
    ["offsets backwards", fileOf({ a: entry({ data_offsets: [4, 0] }) }), "span -4"],
    ["two tensors in one place", fileOf({ a: entry(), b: entry() }, 4), "tensor b starts at"],
    ["a hole", fileOf({ a: entry({ data_offsets: [4, 8] }) }, 8), "tensor a starts at"],
    ["bytes behind the last tensor", fileOf({ a: entry() }, 5), "its tensors end at"],
    ["a tensor beyond the file", fileOf({ a: entry() }, 3), "its tensors end at"],
  ])("refuses %s", (_, file, problem) => {
    expect(() => parse(file)).toThrow(
      expect.objectContaining({
        code: "MODEL_INVALID",
        message: expect.stringContaining(problem) as string,
      }),
    );
  });

  test("meets any damage with MODEL_INVALID or a header that fits the file", () => {
    const file = writeSafetensors({}, { a: { shape: [4], data: Float32Array.of(1, 2, 3, 4) } });
    const damage = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1 });
    fc.assert(
      fc.property(damage, fc.nat(file.length), (changes, length) => {
        const damaged = file.slice(0, length);
        for (const [at, value] of changes) damaged[at] = value;
        try {
          for (const { offset, byteLength } of parse(damaged).tensors.values()) {
            expect(offset + byteLength).toBeLessThanOrEqual(damaged.length);
          }
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

function parse(file: Uint8Array): SafetensorsHeader {
  const length = parseHeaderLength(file.subarray(0, HEADER_LENGTH_BYTES), file.length);
  const start = HEADER_LENGTH_BYTES;
  return parseHeader(file.subarray(start, start + length), file.length);
}

function entry(change: object = {}): object {
  return { dtype: "F32", shape: [1], data_offsets: [0, 4], ...change };
}

function fileOf(header: object | string, dataBytes = 4): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(HEADER_LENGTH_BYTES + json.length + dataBytes);
  file.set(withLength(json.length).subarray(0, HEADER_LENGTH_BYTES));
  file.set(json, HEADER_LENGTH_BYTES);
  return file;
}

function withLength(length: number | bigint): Uint8Array {
  const file = new Uint8Array(16);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  return file;
}
