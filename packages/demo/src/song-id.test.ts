import { describe, expect, test } from "vitest";
import { foldName } from "./fold-name.ts";
import { songIdFor } from "./song-id.ts";

describe("songIdFor", () => {
  test("is an s and ten base32 characters of the hash of the folded names", () => {
    expect(songIdFor("Queen", "Bohemian Rhapsody")).toMatch(/^s[a-z2-7]{10}$/u);
    // printf 'queen|bohemian rhapsody' | sha256sum | xxd -r -p | base32
    expect(songIdFor("Queen", "Bohemian Rhapsody")).toBe("sp75cgp37uw");
  });

  test("is the same for spellings that differ in case, Unicode form and white space", () => {
    expect(songIdFor("BEYONCÉ", "Deja  Vu ")).toBe(songIdFor("Beyonce\u0301", "deja vu"));
  });

  test("differs for names that only punctuation tells apart", () => {
    expect(songIdFor("!!!", "Heart")).not.toBe(songIdFor("???", "Heart"));
  });
});

describe("foldName", () => {
  test.each([
    ["Beyoncé", "beyonce"],
    ["Sigur Rós", "sigur ros"],
    ["Guns N’ Roses", "guns n roses"],
    ["Simon & Garfunkel", "simon and garfunkel"],
    ["P!nk", "pink"],
    ["A$AP Rocky", "asap rocky"],
    ["Mötley Crüe", "motley crue"],
    ["Røyksopp", "royksopp"],
    ["がんばれ", "がんばれ"],
    ["!!!", "!!!"],
  ])("folds %s to %s", (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });
});
