import { describe, expect, test } from "vitest";
import { foldName } from "./fold-name.ts";

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
