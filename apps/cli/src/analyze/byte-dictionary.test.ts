import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ByteDictionary,
  HAS_NUL,
  hashOf,
  NOT_UTF8,
  paddedSource,
  TOO_LONG,
  VALUE_BYTES_MAX,
} from "./byte-dictionary.ts";
import { makeFieldPlaces } from "./field-places.ts";

function codeOf(dictionary: ByteDictionary, value: Uint8Array | string): number {
  const bytes = Buffer.from(value as string);
  return dictionary.codeOf(paddedSource(bytes), 0, bytes.length);
}

describe("ByteDictionary", () => {
  it("codes values in order of first appearance and gives each once", () => {
    const dictionary = new ByteDictionary();
    const codes = ["b", "a", "", "b", "ü", ""].map((text) => codeOf(dictionary, text));
    expect(codes).toEqual([0, 1, 2, 0, 3, 2]);
    expect(dictionary.addedBytes).toBe(4);
    expect(dictionary.takeAdded()).toEqual(["b", "a", "", "ü"]);
    expect(dictionary.takeAdded()).toEqual([]);
    expect(dictionary.addedBytes).toBe(0);
    expect(codeOf(dictionary, "new")).toBe(4);
    expect(dictionary.takeAdded()).toEqual(["new"]);
  });

  it.each([8, 15, 16, 17, 40])("tells values of one hash apart, of %i bytes", (length) => {
    const [left, right] = valuesOfOneHash(length);
    const dictionary = new ByteDictionary();
    expect([left, right, left, right].map((value) => codeOf(dictionary, value))).toEqual([
      0, 1, 0, 1,
    ]);
  });

  it("tells values apart that differ in one byte", () => {
    const dictionary = new ByteDictionary();
    const values: Buffer[] = [];
    for (let length = 0; length <= 40; length++) {
      values.push(Buffer.alloc(length, "a"));
      for (let at = 0; at < length; at++)
        values.push(Buffer.alloc(length, "b").fill("c", at, at + 1));
    }
    const distinct = [...new Set(values.map(String))];
    expect(distinct.map((value) => codeOf(dictionary, value))).toEqual([...distinct.keys()]);
    expect(distinct.map((value) => codeOf(dictionary, value))).toEqual([...distinct.keys()]);
  });

  it("does not take zeros behind a value for what fills its slot up", () => {
    const dictionary = new ByteDictionary();
    for (let length = 0; length <= 40; length++) {
      const value = Buffer.alloc(length, "a");
      expect(codeOf(dictionary, value)).toBe(length);
      expect(codeOf(dictionary, Buffer.concat([value, Buffer.alloc(1)]))).toBe(HAS_NUL);
    }
    expect(dictionary.takeAdded()).toHaveLength(41);
  });

  it("codes a field of many rows at once, wherever it lies among others", () => {
    const texts = ["ann", "", "a longer name than fits a slot", "ben", "ann", "ünal", "ben"];
    const bytes = Buffer.from(texts.join("|"));
    const places = makeFieldPlaces(texts.length, 3);
    let start = 0;
    for (const [row, text] of texts.entries()) {
      places.starts[3 * row + 1] = start;
      places.ends[3 * row + 1] = start + Buffer.byteLength(text);
      start += Buffer.byteLength(text) + 1;
    }
    const codes = new Int32Array(texts.length);
    const dictionary = new ByteDictionary();
    dictionary.codesOf(paddedSource(bytes), places, 1, codes);
    expect([...codes]).toEqual([0, 1, 2, 3, 0, 4, 3]);
    expect(dictionary.takeAdded()).toEqual([...new Set(texts)]);
  });

  it("refuses a value that would not leave room in a message", () => {
    const dictionary = new ByteDictionary();
    expect(codeOf(dictionary, "x".repeat(VALUE_BYTES_MAX + 1))).toBe(TOO_LONG);
    expect(codeOf(dictionary, "x".repeat(VALUE_BYTES_MAX))).toBe(0);
    expect(dictionary.addedBytes).toBe(VALUE_BYTES_MAX);
  });

  it("refuses what is no UTF-8", () => {
    const dictionary = new ByteDictionary();
    expect(codeOf(dictionary, Buffer.from([0xff, 0x41]))).toBe(NOT_UTF8);
    expect(dictionary.takeAdded()).toEqual([]);
  });

  it("agrees with a Map while it grows", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 5000 }), (texts) => {
        const dictionary = new ByteDictionary();
        const codes = new Map<string, number>();
        for (const text of texts) {
          if (!codes.has(text)) codes.set(text, codes.size);
          expect(codeOf(dictionary, text)).toBe(codes.get(text));
        }
        expect(dictionary.takeAdded()).toEqual([...codes.keys()]);
      }),
      { numRuns: 30 },
    );
  });

  it("holds a hundred thousand values", () => {
    const dictionary = new ByteDictionary();
    const texts = Array.from({ length: 100_000 }, (_, at) => `value ${at}`);
    for (const text of texts) codeOf(dictionary, text);
    expect(dictionary.takeAdded()).toEqual(texts);
    expect(codeOf(dictionary, "value 77777")).toBe(77_777);
  });
});

/** Two texts of one length that share their hash; among some 80 thousand two do. */
function valuesOfOneHash(length: number): [string, string] {
  const seen = new Map<number, string>();
  for (let number = 0; ; number++) {
    // Spread over two of the numbers that are hashed: one alone has a hash of its own.
    const spread = (Math.imul(number, 0x9e3779b1) >>> 0).toString(36).padStart(length, "-");
    const text = spread.slice(-length);
    const hash = hashOf(paddedSource(Buffer.from(text)), 0, length);
    const other = seen.get(hash);
    if (other !== undefined && other !== text) return [other, text];
    seen.set(hash, text);
  }
}
