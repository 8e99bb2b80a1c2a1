import { describe, expect, it } from "vitest";
import type { PlayedSong } from "../api/stats-wire.ts";
import { artistsInFocus, type Focus, isInFocus, parseFocus, writeFocus } from "./focus.ts";

function song(title: string, artist: string, genre: string | null, plays: number): PlayedSong {
  const unknown = { album: null, year: null, seconds: null };
  return { id: title, title, artist, genre, plays, listenedSeconds: plays * 100, ...unknown };
}

const SONGS = [
  song("Respect", "Aretha Franklin", "soul", 5),
  song("Think", "Aretha Franklin", "soul", 2),
  song("Superstition", "Stevie Wonder", "soul", 9),
  song("Tape hiss", "Nobody", null, 1),
];
const ARTISTS = [
  { artist: "Stevie Wonder", plays: 9, seconds: 900 },
  { artist: "Aretha Franklin", plays: 7, seconds: 700 },
];

describe("a focus", () => {
  it("keeps the songs of an artist, of a genre, or of none known", () => {
    const kept = (focus: Focus | null) =>
      SONGS.filter((candidate) => isInFocus(candidate, focus)).map(({ title }) => title);
    expect(kept(null)).toHaveLength(4);
    expect(kept({ kind: "artist", name: "Aretha Franklin" })).toEqual(["Respect", "Think"]);
    expect(kept({ kind: "genre", name: "soul" })).toHaveLength(3);
    expect(kept({ kind: "genre", name: "" })).toEqual(["Tape hiss"]);
  });

  it("counts the artists of a genre from its songs", () => {
    expect(artistsInFocus(ARTISTS, SONGS, { kind: "genre", name: "soul" })).toEqual(ARTISTS);
    expect(artistsInFocus(ARTISTS, SONGS, null)).toBe(ARTISTS);
    expect(artistsInFocus(ARTISTS, SONGS, { kind: "artist", name: "Nobody" })).toEqual([]);
  });

  it("is kept by the address", () => {
    for (const focus of [
      { kind: "artist", name: "Simon & Garfunkel" },
      { kind: "genre", name: "r&b" },
      { kind: "genre", name: "" },
    ] satisfies Focus[]) {
      const parameters = new URLSearchParams();
      writeFocus(focus, parameters);
      expect(parseFocus(new URLSearchParams(parameters.toString()))).toEqual(focus);
    }
    expect(parseFocus(new URLSearchParams())).toBeNull();
  });
});
