// Real: SQLite and its index file. Nothing is fake.
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hardNames, indexSongs, songOf, temporaryDirectory } from "../test/song-fixtures.ts";
import { createSearchIndex, type SearchIndex } from "./search-index.ts";

const directory = temporaryDirectory();

function openIndexOf(name: string, songs: Parameters<typeof indexSongs>[1]): SearchIndex {
  const file = join(directory.path, `${name}.sqlite`);
  indexSongs(file, songs);
  return createSearchIndex({ file, budgetMs: 10_000 });
}

let index: SearchIndex;
beforeAll(() => {
  index = openIndexOf("hard-names", hardNames());
});
afterAll(() => {
  index.close();
  directory.remove();
});

function found(text: string): string[] {
  return index.search(text, 10).map(({ title, artist }) => `${title} - ${artist}`);
}

describe("names as people type them", () => {
  test.each([
    ["one u2", "One - U2"],
    ["U2 One", "One - U2"],
    ["!!!", "Heart of Hearts - !!!"],
    ["asap rocky", "Praise The Lord - A$AP Rocky"],
    ["A$AP", "Praise The Lord - A$AP Rocky"],
    ["P!nk", "So What - P!nk"],
    ["pink so what", "So What - P!nk"],
    ["AC/DC", "Thunderstruck - AC/DC"],
    ["acdc", "Thunderstruck - AC/DC"],
    ["ac dc", "Thunderstruck - AC/DC"],
    ["kesha", "TiK ToK - Ke$ha"],
    ["Ke$ha", "TiK ToK - Ke$ha"],
    ["beyonce", "Halo - Beyoncé"],
    ["BEYONCÉ", "Halo - Beyoncé"],
    ["Ｂｅｙｏｎｃｅ", "Halo - Beyoncé"],
    ["sigur ros", "Hoppípolla - Sigur Rós"],
    ["hoppipolla", "Hoppípolla - Sigur Rós"],
    ["motorhead", "Ace of Spades - Motörhead"],
    ["bjork", "Army of Me - Björk"],
    ["r.e.m.", "Losing My Religion - R.E.M."],
    ["rem losing", "Losing My Religion - R.E.M."],
    ["r e m", "Losing My Religion - R.E.M."],
    ["guns and roses", "Sweet Child O' Mine - Guns N' Roses"],
    ["simon and garfunkel", "The Boxer - Simon & Garfunkel"],
    ["simon garfunkel boxer", "The Boxer - Simon & Garfunkel"],
    ["la la la la", "La La La - Naughty Boy"],
    ["катюша", "Катюша - Народная"],
    ["तुम ही", "तुम ही हो - Arijit Singh"],
    ["beatles yesterday", "Yesterday - The Beatles"],
  ])("finds %s", (text, expected) => {
    expect(found(text)[0]).toBe(expected);
  });
});

describe("typing errors", () => {
  test.each([
    ["bohemain rapsody", "Bohemian Rhapsody - Queen"],
    ["bohemian rhap", "Bohemian Rhapsody - Queen"],
    ["bohemain rhap", "Bohemian Rhapsody - Queen"],
    ["vohemian rhapsody", "Bohemian Rhapsody - Queen"],
    ["ohemian", "Bohemian Rhapsody - Queen"],
    ["yestreday", "Yesterday - The Beatles"],
    ["thunderstuck acdc", "Thunderstruck - AC/DC"],
    ["danncing qeen", "Dancing Queen - ABBA"],
    ["thewall", "The Wall - Kansas"],
    ["hello world", "Hello World - Lady Antebellum"],
    ["thedarksideofthemoon", "The Dark Side of the Moon - Voices on the Dark Side"],
    ["kill er queen", "Killer Queen - Queen"],
  ])("forgives errors: %s", (text, expected) => {
    expect(found(text)).toContain(expected);
  });

  test("finds a title written in one word for text written in two", () => {
    expect(found("hello world")).toContain("Helloworld - Bump of Chicken");
  });
});

describe("search index", () => {
  test("finds any three CJK characters of a name", () => {
    expect(found("夜に駆")).toEqual(["夜に駆ける - YOASOBI"]);
    expect(found("駆ける")).toEqual(["夜に駆ける - YOASOBI"]);
    expect(found("向いて歩")).toEqual(["上を向いて歩こう - 坂本九"]);
    expect(found("上を向いで歩こう")).toEqual(["上を向いて歩こう - 坂本九"]);
    expect(found("坂本九")).toEqual(["上を向いて歩こう - 坂本九"]);
    expect(found("봄날 bts")).toEqual(["봄날 - BTS"]);
    expect(found("bts 봄날")).toEqual(["봄날 - BTS"]);
  });

  test("ranks the whole title first, then the artist and titles that start so, then the rest", () => {
    expect(found("queen").slice(0, 3)).toEqual([
      "Bohemian Rhapsody - Queen",
      "Killer Queen - Queen",
      "Dancing Queen - ABBA",
    ]);
    expect(found("yesterday").slice(0, 2)).toEqual([
      "Yesterday - The Beatles",
      "Yesterday Once More - The Carpenters",
    ]);
    expect(found("one").slice(0, 3)).toEqual([
      "One - Metallica",
      "One - U2",
      "One U2 Medley - Tribute Band",
    ]);
  });

  test("answers with every field of a song and no more than asked", () => {
    const song = songOf("Complete", "Facts", 1, {
      album: "All of Them",
      year: 1999,
      genre: "pop",
      seconds: 201,
    });
    const complete = openIndexOf("complete", [song, songOf("Complete", "Other", 2)]);
    const { versionGroup: _group, popularity: _popularity, ...fields } = song;
    expect(complete.search("complete facts", 5)).toEqual([fields]);
    expect(complete.search("complete", 1)).toHaveLength(1);
    complete.close();
  });

  test("puts the original before its versions at an equal match, however popular they are", () => {
    const original = songOf("Roses", "SAINt JHN", 5, { id: "original" });
    const versions = ["Imanbek Remix", "Live", "Acoustic"].map((version, at) =>
      songOf(`Roses - ${version}`, "SAINt JHN", 1000 - at, { versionGroup: "original" }),
    );
    const others = Array.from({ length: 60 }, (_, at) => songOf("Roseseed", "Someone", 500 + at));
    const versioned = openIndexOf("versions", [...versions, original, ...others]);
    const titles = (text: string) => versioned.search(text, 5).map(({ title }) => title);
    expect(titles("ros")).toEqual([
      "Roses",
      "Roses - Imanbek Remix",
      "Roses - Live",
      "Roses - Acoustic",
      "Roseseed",
    ]);
    expect(titles("roses saint jhn")[0]).toBe("Roses");
    expect(titles("roses remix")[0]).toBe("Roses - Imanbek Remix");
    expect(titles("rosess saint jnh")[0]).toBe("Roses");
    versioned.close();
  });

  test("refuses less than three characters, and finds nothing in invisible ones", () => {
    expect(() => index.search("u2", 10)).toThrow("at least 3 characters");
    expect(index.search("\u200b\u200b\u200b", 10)).toEqual([]);
  });
});

describe("index file", () => {
  test("is refused when it is damaged or of another version", () => {
    const file = join(directory.path, "damaged.sqlite");
    indexSongs(file, hardNames());
    truncateSync(file, 5000);
    expect(() => createSearchIndex({ file, budgetMs: 10_000 })).toThrow();
    writeFileSync(file, "not a database, but long enough to be looked at as one".repeat(100));
    expect(() => createSearchIndex({ file, budgetMs: 10_000 })).toThrow("not a database");
    rmSync(file);
    expect(() => createSearchIndex({ file, budgetMs: 10_000 })).toThrow();
  });
});
