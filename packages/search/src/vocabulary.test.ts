import { describe, expect, test } from "vitest";

import { Vocabulary } from "./vocabulary.ts";

function vocabularyOf(words: string): Vocabulary {
  return new Vocabulary(words.split(" ").map((text) => ({ text, songCount: 10 })));
}

describe("vocabulary", () => {
  test("splits text at a missing space", () => {
    expect(vocabularyOf("the wall all").splits("thewall")).toEqual(["the wall"]);
  });

  test("splits text at several missing spaces", () => {
    const vocabulary = vocabularyOf("the dark side of moon");
    expect(vocabulary.splits("thedarksideofthemoon")).toEqual(["the dark side of the moon"]);
  });

  test("prefers words of many songs", () => {
    const vocabulary = new Vocabulary([
      { text: "the", songCount: 500 },
      { text: "rapist", songCount: 1 },
      { text: "therapist", songCount: 1 },
      { text: "no", songCount: 300 },
      { text: "now", songCount: 2 },
      { text: "where", songCount: 200 },
      { text: "here", songCount: 1 },
    ]);
    expect(vocabulary.splits("nowhere")).toEqual(["no where"]);
  });

  test("has no split for unknown parts, and none that leaves the text whole", () => {
    expect(vocabularyOf("hello").splits("hello")).toEqual([]);
    expect(vocabularyOf("hello").splits("helloqqqq")).toEqual([]);
  });

  test("learns words after its start", () => {
    const vocabulary = vocabularyOf("hello");
    vocabulary.add([{ text: "goodbye", songCount: 1 }]);
    vocabulary.add([{ text: "farewell", songCount: 1 }]);
    expect(vocabulary.suggest("godbye", 3).map(({ text }) => text)).toEqual(["goodbye"]);
    expect(vocabulary.suggest("farewel", 3).map(({ text }) => text)).toEqual(["farewell"]);
    expect(vocabulary.suggest("helo", 3).map(({ text }) => text)).toEqual(["hello"]);
    expect(vocabulary.addedCount).toBe(2);
  });
});
