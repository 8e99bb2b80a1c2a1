import { describe, expect, test } from "vitest";
import { assembleCatalogue } from "../build/assemble-catalogue.ts";
import type { FamousRow, SourceRow } from "../build/source-rows.ts";
import type { DemoSong } from "../src/catalogue.ts";

function sourceRow(row: Partial<SourceRow>): SourceRow {
  return {
    title: "Song",
    artist: "Artist",
    album: "Album",
    year: 2001,
    seconds: 200,
    label: "dance pop",
    ...row,
  };
}

function famousRow(row: Partial<FamousRow>): FamousRow {
  return {
    title: "Song",
    artist: "Artist",
    album: null,
    year: null,
    genre: "pop",
    seconds: null,
    ...row,
  };
}

function assemble(source: SourceRow[], famous: FamousRow[] = []): DemoSong[] {
  return assembleCatalogue({ source, famous, evergreens: [], artistGenres: [] });
}

function namesOf(songs: readonly DemoSong[]): string[] {
  return songs.map(({ artist, title }) => `${artist}: ${title}`);
}

describe("assembleCatalogue", () => {
  test("shows an artist's most common spelling on every song", () => {
    const songs = assemble([
      sourceRow({ title: "A", artist: "The Tune-Yards" }),
      sourceRow({ title: "B", artist: "tUnE-yArDs" }),
      sourceRow({ title: "C", artist: "The Tune-Yards" }),
    ]);
    expect(namesOf(songs)).toEqual(["The Tune-Yards: A", "The Tune-Yards: B", "The Tune-Yards: C"]);
  });

  test("folds remasters and repeated rows into one song with the earliest sure date", () => {
    const songs = assemble([
      sourceRow({ title: "One - Remastered", album: "Best of", year: 2009, seconds: 276 }),
      sourceRow({ title: "One", album: "Achtung Baby", year: 1991, seconds: 276 }),
      sourceRow({ title: "ONE", album: "Achtung Baby", year: 1991, seconds: 276 }),
    ]);
    expect(songs).toMatchObject([{ title: "One", album: "Achtung Baby", year: 1991 }]);
  });

  test("leaves the year open when only a collection holds the song", () => {
    const [song] = assemble([sourceRow({ album: "Greatest Hits", year: 2004 })]);
    expect(song?.year).toBeNull();
  });

  test("links another recording to the song and keeps it", () => {
    const songs = assemble([
      sourceRow({ title: "Levels - Skrillex Remix", seconds: 260 }),
      sourceRow({ title: "Levels", seconds: 200 }),
    ]);
    const [plain, remix] = songs;
    expect(namesOf(songs)).toEqual(["Artist: Levels", "Artist: Levels (Skrillex Remix)"]);
    expect(remix?.versionGroup).toBe(plain?.id);
  });

  test("drops another cut of about the same length and takes the only cut for the song", () => {
    const near = [
      sourceRow({ title: "Levels", seconds: 200 }),
      sourceRow({ title: "Levels - Radio Edit", seconds: 203 }),
    ];
    expect(namesOf(assemble(near))).toEqual(["Artist: Levels"]);
    expect(namesOf(assemble(near.slice(1)))).toEqual(["Artist: Levels"]);
  });

  test("keeps karaoke out", () => {
    expect(assemble([sourceRow({ title: "Dark Horse (Karaoke Version)" })])).toEqual([]);
  });

  test("joins a famous song with the source's, whose gaps it fills", () => {
    const songs = assemble(
      [
        sourceRow({
          title: "Under Pressure - Remastered",
          artist: "Queen",
          album: "Hot Space (2011 Remaster)",
          year: 2011,
          seconds: 248,
          label: "classic rock",
        }),
      ],
      [
        famousRow({
          title: "Under Pressure",
          artist: "Queen & David Bowie",
          album: "Hot Space",
          year: 1981,
        }),
      ],
    );
    expect(songs).toMatchObject([
      { artist: "Queen", title: "Under Pressure", year: 1981, seconds: 248, origin: "both" },
    ]);
  });

  test("adds a famous song that the source lacks and invents nothing for it", () => {
    const [song] = assemble([], [famousRow({ title: "Chuva", artist: "Mariza", genre: "fado" })]);
    expect(song).toMatchObject({
      genre: "fado",
      album: null,
      year: null,
      seconds: null,
      origin: "famous",
      fameRank: 1,
    });
  });

  test("takes an artist's main genre where a playlist holds a stray song", () => {
    const own = Array.from({ length: 6 }, (_, index) =>
      sourceRow({ title: `Riff ${"abcdef"[index]}`, label: "hard rock" }),
    );
    const songs = assemble([...own, sourceRow({ title: "Stray", label: "southern hip hop" })]);
    expect(songs.find((song) => song.title === "Stray")?.genre).toBe("hard rock");
  });
});
