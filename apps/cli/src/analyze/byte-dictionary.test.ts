import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteDictionary, HASH_PRIME, HASH_START, NOT_UTF8 } from "./byte-dictionary.ts";

function codeOf(dictionary: ByteDictionary, bytes: Buffer, hash?: number): number {
  let own = HASH_START | 0;
  for (const byte of bytes) own = Math.imul(own ^ byte, HASH_PRIME);
  return dictionary.codeOf(bytes, 0, bytes.length, hash ?? own);
}

describe("ByteDictionary", () => {
  it("codes values in order of first appearance and gives each once", () => {
    const dictionary = new ByteDictionary();
    const codes = ["b", "a", "", "b", "ü", ""].map((text) => codeOf(dictionary, Buffer.from(text)));
    expect(codes).toEqual([0, 1, 2, 0, 3, 2]);
    expect(dictionary.addedBytes).toBe(4);
    expect(dictionary.takeAdded()).toEqual(["b", "a", "", "ü"]);
    expect(dictionary.takeAdded()).toEqual([]);
    expect(dictionary.addedBytes).toBe(0);
    expect(codeOf(dictionary, Buffer.from("new"))).toBe(4);
    expect(dictionary.takeAdded()).toEqual(["new"]);
  });

  it("tells values of one hash apart", () => {
    const dictionary = new ByteDictionary();
    expect(codeOf(dictionary, Buffer.from("one"), 7)).toBe(0);
    expect(codeOf(dictionary, Buffer.from("two"), 7)).toBe(1);
    expect(codeOf(dictionary, Buffer.from("on"), 7)).toBe(2);
    expect(codeOf(dictionary, Buffer.from("one"), 7)).toBe(0);
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
          expect(codeOf(dictionary, Buffer.from(text))).toBe(codes.get(text));
        }
        expect(dictionary.takeAdded()).toEqual([...codes.keys()]);
      }),
      { numRuns: 30 },
    );
  });

  it("holds a hundred thousand values", () => {
    const dictionary = new ByteDictionary();
    const texts = Array.from({ length: 100_000 }, (_, at) => `value ${at}`);
    for (const text of texts) codeOf(dictionary, Buffer.from(text));
    expect(dictionary.takeAdded()).toEqual(texts);
    expect(codeOf(dictionary, Buffer.from("value 77777"))).toBe(77_777);
  });
});
