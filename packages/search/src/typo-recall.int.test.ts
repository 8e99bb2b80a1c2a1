// Real: SQLite, its index file, and the names of the bundled catalogue. Nothing is fake.
import { join } from "node:path";
import { loadCatalogue } from "@segue/demo";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { indexSongs, temporaryDirectory } from "../test/song-fixtures.ts";
import {
  type Random,
  seededRandom,
  withFirstLetterError,
  withTypingError,
} from "../test/typing-errors.ts";
import { createSearchIndex, type SearchIndex } from "./search-index.ts";

// A bar of the project: 95 of 100 for titles of at least eight letters.
describe("typing errors in the names of the demo catalogue", () => {
  const songs = loadCatalogue();
  const directory = temporaryDirectory();
  const file = join(directory.path, "index.sqlite");
  let index: SearchIndex;
  beforeAll(() => {
    indexSongs(file, songs);
    index = createSearchIndex({ file, budgetMs: 10_000 });
  });
  afterAll(() => {
    index.close();
    directory.remove();
  });

  function recall(mistype: (text: string, random: Random) => string): number {
    const random = seededRandom(11);
    const titles = songs
      .map(({ title }) => title.toLowerCase())
      .filter((title) => /^[a-z][a-z ]{7,24}$/.test(title));
    let hits = 0;
    const count = 400;
    for (let turn = 0; turn < count; turn += 1) {
      const title = titles[Math.floor(random() * titles.length)] ?? "";
      const answers = index.search(mistype(title, random), 10);
      if (answers.some((answer) => answer.title.toLowerCase() === title)) hits += 1;
    }
    return hits / count;
  }

  test("one error anywhere: the title is among the first ten in 95 of 100", () => {
    expect(recall(withTypingError)).toBeGreaterThanOrEqual(0.95);
  });

  test("one error in the first letter: the title is among the first ten in 95 of 100", () => {
    expect(recall(withFirstLetterError)).toBeGreaterThanOrEqual(0.95);
  });
});
