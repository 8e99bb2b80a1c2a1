import { readFileSync } from "node:fs";
import { songIdFor } from "@segue/store";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { type DemoSong, loadCatalogue } from "./catalogue.ts";
import { foldName } from "./fold-name.ts";
import { genreTraitsFor } from "./genres.ts";

let songs: DemoSong[] = [];
let byId = new Map<string, DemoSong>();
beforeAll(() => {
  songs = loadCatalogue();
  byId = new Map(songs.map((song) => [song.id, song]));
});

function repeated(keys: readonly string[]): string[] {
  return keys.filter((key, index) => keys.indexOf(key) !== index);
}

/** Values that stand for more than one spelling. */
function ambiguous(pairs: Iterable<readonly [string, string]>): string[] {
  const spellings = new Map<string, string>();
  const clashes: string[] = [];
  for (const [key, spelling] of pairs) {
    const known = spellings.get(key);
    if (known === undefined) spellings.set(key, spelling);
    else if (known !== spelling) clashes.push(`${known} / ${spelling}`);
  }
  return clashes;
}

describe("the bundled catalogue", () => {
  test("holds at least 20,000 songs, of them at least 1,500 famous ones that the source lacks", () => {
    expect(songs.length).toBeGreaterThanOrEqual(20_000);
    expect(songs.filter((song) => song.origin === "famous").length).toBeGreaterThanOrEqual(1500);
  });

  test("holds no song twice under one artist, case, accents and punctuation aside", () => {
    const names = songs.map((song) => `${foldName(song.artist)}|${foldName(song.title)}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test("gives every song the id that follows from its artist and title", () => {
    expect(byId.size).toBe(songs.length);
    for (const song of songs) expect(song.id).toBe(songIdFor(song.artist, song.title));
  });

  test("spells each artist in one way", () => {
    const pairs = songs.map(
      ({ artist }) => [foldName(artist).replace(/^the (?=.)/u, ""), artist] as const,
    );
    expect(ambiguous(pairs)).toEqual([]);
  });

  test("has years from 1900 to 2026 and lengths from 30 seconds to an hour, or null", () => {
    const odd = songs.filter(
      ({ year, seconds }) =>
        (year !== null && !(Number.isInteger(year) && year >= 1900 && year <= 2026)) ||
        (seconds !== null && !(Number.isInteger(seconds) && seconds >= 30 && seconds <= 3600)),
    );
    expect(odd).toEqual([]);
  });

  test("has no year for a song that only a collection or a later edition holds", () => {
    const dated = songs.filter(
      ({ origin, album, year }) =>
        origin === "source" &&
        year !== null &&
        /greatest hits|best of|anthology/iu.test(album ?? ""),
    );
    expect(dated).toEqual([]);
  });

  test("links versions to a song of the same artist that leads its group", () => {
    const versions = songs.filter((song) => song.versionGroup !== song.id);
    expect(versions.length).toBeGreaterThan(500);
    for (const version of versions) {
      const lead = byId.get(version.versionGroup);
      expect(lead?.artist, version.title).toBe(version.artist);
      expect(lead?.versionGroup, version.title).toBe(lead?.id);
    }
  });

  test("links the remixes of a song to it", () => {
    const original = byId.get(songIdFor("U2", "One"));
    expect(original?.year).toBe(1991);
    const remix = songs.find((song) => song.title === "Rise (TV Noise Ibiza Mix)");
    expect(byId.get(remix?.versionGroup ?? "")?.title).toBe("Rise");
  });

  test("holds no karaoke, sound-alikes or noise", () => {
    const junk =
      /karaoke|made famous by|in the style of|originally (performed|recorded) by|tribute (to|band)|white noise|rain sounds|sped[- ]up|nightcore|backing track|ringtone/iu;
    const found = songs.filter(({ title, artist, album }) =>
      [title, artist, album ?? ""].some((text) => junk.test(text)),
    );
    expect(found).toEqual([]);
  });

  test("writes titles without guests, stray white space and open brackets", () => {
    const untidy = songs.filter(
      ({ title, artist }) =>
        /\((feat|ft|featuring)\b/iu.test(title) ||
        [title, artist].some((text) => text === "" || text !== text.replace(/\s+/gu, " ").trim()) ||
        title.split("(").length !== title.split(")").length,
    );
    expect(untidy).toEqual([]);
  });

  test("labels every song with a genre that the simulation knows", () => {
    const unknown = songs.filter((song) => genreTraitsFor(song.genre) === null);
    expect(unknown).toEqual([]);
  });

  test("is sorted by artist and title", () => {
    const keys = songs.map((song) => `${foldName(song.artist)}\n${foldName(song.title)}`);
    expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
  });
});

describe("famous songs", () => {
  const evergreens: { title: string; artist: string }[] = parse(
    readFileSync(new URL("../data/evergreens.csv", import.meta.url)),
    { columns: true },
  );

  test("number at least 150 in the list of evergreens, none of them twice", () => {
    expect(evergreens.length).toBeGreaterThanOrEqual(150);
    expect(repeated(evergreens.map(({ title, artist }) => `${artist}: ${title}`))).toEqual([]);
  });

  test("are all there, ranked by fame", () => {
    const titles = new Set(
      songs.filter((song) => song.fameRank !== null).map((song) => foldName(song.title)),
    );
    const missing = evergreens.filter(({ title }) => !titles.has(foldName(title)));
    expect(missing).toEqual([]);
  });

  test.each([
    ["The Beatles", "Hey Jude", 1968],
    ["The Beatles", "Yesterday", 1965],
    ["Queen", "Bohemian Rhapsody", 1975],
    ["Michael Jackson", "Billie Jean", 1982],
    ["ABBA", "Dancing Queen", 1976],
    ["The Dave Brubeck Quartet", "Take Five", 1959],
    ["Stan Getz, João Gilberto & Astrud Gilberto", "Garota de Ipanema", 1964],
    ["米津玄師", "Lemon", 2018],
    ["YOASOBI", "夜に駆ける", 2019],
    ["PSY", "Gangnam Style (강남스타일)", 2012],
    ["Amália Rodrigues", "Uma casa portuguesa", null],
    ["Édith Piaf", "La Vie en rose", null],
  ])("include %s: %s", (artist, title, year) => {
    const song = byId.get(songIdFor(artist, title));
    expect(song?.title).toBe(title);
    if (year !== null) expect(song?.year).toBe(year);
  });

  test("come from every decade since the fifties", () => {
    for (let decade = 1950; decade < 2030; decade += 10) {
      const count = songs.filter(
        ({ fameRank, year }) =>
          fameRank !== null && year !== null && year >= decade && year < decade + 10,
      ).length;
      expect(count, `${decade}s`).toBeGreaterThanOrEqual(100);
    }
  });

  test.each([
    "fado",
    "bollywood",
    "j-pop",
    "k-pop",
    "chanson",
    "jazz",
    "classical",
    "samba",
    "tango",
  ])("include %s", (genre) => {
    expect(songs.filter((song) => song.genre === genre).length).toBeGreaterThanOrEqual(15);
  });
});

test("the catalogue loads within 300 ms", () => {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    loadCatalogue();
    return performance.now() - start;
  });
  expect(Math.min(...times)).toBeLessThan(300);
});
