import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { songIdFor } from "./song-id.ts";

describe("song id", () => {
  it("is the digest's first 50 bits, so that stored ids stay valid in later versions", () => {
    expect(songIdFor("Miles Davis", "So What")).toBe("skm2pmrqfug");
    expect(songIdFor("宇多田ヒカル", "First Love")).toBe("sg3sjvhtwfe");
  });

  it("does not depend on case, spacing or Unicode form", () => {
    const id = songIdFor("Sigur Rós", "Hoppípolla");
    expect(songIdFor("  SIGUR\u00a0 RO\u0301S ", "hoppi\u0301polla\t")).toBe(id);
  });

  it("differs for other names, also where the same letters are cut differently", () => {
    const ids = [
      songIdFor("a", "bc"),
      songIdFor("ab", "c"),
      songIdFor("a b", "c"),
      songIdFor("á", "bc"),
      songIdFor("bc", "a"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("is an s and ten characters of base32 for any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (artist, title) => {
        expect(songIdFor(artist, title)).toMatch(/^s[a-z2-7]{10}$/u);
      }),
    );
  });
});
