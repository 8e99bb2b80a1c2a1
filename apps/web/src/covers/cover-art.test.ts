import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverArtFor } from "./cover-art.ts";
import { palettesFor } from "./palettes.ts";

const GENRES = ["rock", "soul", "jazz", "k-pop", "raï", "city pop", null];

const song = fc.record({
  id: fc.string({ minLength: 1 }),
  artist: fc.string(),
  genre: fc.constantFrom(...GENRES),
});

describe("cover art", () => {
  it("is the same for the same song", () => {
    fc.assert(
      fc.property(song, (subject) => {
        expect(coverArtFor({ ...subject })).toEqual(coverArtFor(subject));
      }),
    );
  });

  it("draws at least two shapes of finite size in its palette's colours", () => {
    fc.assert(
      fc.property(song, (subject) => {
        const art = coverArtFor(subject);
        const palette = palettesFor(subject.genre).find(({ ground }) => ground === art.ground);
        expect(art.shapes.length).toBeGreaterThanOrEqual(2);
        for (const { d, fill } of art.shapes) {
          expect(d).toMatch(/^M[-\d. MLHVhvACSaZ]+$/);
          expect([palette?.ground, ...(palette?.inks ?? [])]).toContain(fill);
        }
      }),
    );
  });

  it("tells the songs of one artist apart in nearly every case", () => {
    const drawings = Array.from({ length: 40 }, (_, index) =>
      JSON.stringify(coverArtFor({ id: `song-${index}`, artist: "Nina Simone", genre: "jazz" })),
    );
    expect(new Set(drawings).size).toBeGreaterThan(20);
  });

  it("gives related genres related colours and unknown ones any", () => {
    expect(palettesFor("Neo Soul")).toBe(palettesFor("soul"));
    expect(palettesFor("dance pop")).not.toBe(palettesFor("pop"));
    expect(palettesFor(null).length).toBeGreaterThan(10);
  });
});
