import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { editDistance } from "./edit-distance.ts";
import { errorsMaxFor, SpellingDictionary } from "./spelling-dictionary.ts";

// Few letters and repeats, so that words are close to each other; longer than the hashed beginning.
const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), minLength: 1, maxLength: 11 });
const words = fc.uniqueArray(word, { maxLength: 60 });

describe("spelling dictionary", () => {
  test("suggests exactly the words within the errors that the length allows", () => {
    fc.assert(
      fc.property(words, word, (known, typed) => {
        const dictionary = new SpellingDictionary(known.map((text) => ({ text, songCount: 1 })));
        const errorsMax = errorsMaxFor(typed.length);
        const suggested = dictionary.suggest(typed, known.length + 1).map(({ text }) => text);
        const within = known.filter((text) => editDistance(typed, text, errorsMax) <= errorsMax);
        expect(suggested.sort()).toEqual(within.sort());
      }),
      { numRuns: 1000 },
    );
  });

  test("puts few errors first, then words of many songs", () => {
    const dictionary = new SpellingDictionary([
      { text: "hallo", songCount: 5 },
      { text: "hello", songCount: 9 },
      { text: "hullo", songCount: 1 },
    ]);
    const suggested = dictionary.suggest("hallo", 10);
    expect(suggested.map(({ text }) => text)).toEqual(["hallo", "hello", "hullo"]);
    expect(dictionary.suggest("hallo", 2)).toHaveLength(2);
  });

  test("knows the song count of its words and no other", () => {
    const dictionary = new SpellingDictionary([{ text: "yesterday", songCount: 7 }]);
    expect(dictionary.songCountOf("yesterday")).toBe(7);
    expect(dictionary.songCountOf("yesterdax")).toBe(0);
    expect(dictionary.songCountOf("")).toBe(0);
  });

  test("leaves words too long to be mistyped names alone", () => {
    const dictionary = new SpellingDictionary([{ text: "a".repeat(40), songCount: 1 }]);
    expect(dictionary.wordCount).toBe(0);
    expect(dictionary.suggest("a".repeat(39), 5)).toEqual([]);
  });
});
