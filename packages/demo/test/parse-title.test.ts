import { describe, expect, test } from "vitest";
import { albumName, isCollection, parseTitle } from "../build/parse-title.ts";

describe("parseTitle", () => {
  test.each([
    ["Hey Jude - Remastered 2015", "Hey Jude", null],
    ["One - 2009 Remaster", "One", null],
    ["Levels - Radio Edit", "Levels", "Radio Edit"],
    ["Lean On (feat. MØ) - Tiësto Remix", "Lean On", "Tiësto Remix"],
    ["I Don't Care (with Justin Bieber) - Loud Luxury Remix", "I Don't Care", "Loud Luxury Remix"],
    ["Money In The Grave (Drake ft. Rick Ross)", "Money In The Grave", null],
    ["Empire State Of Mind [Jay-Z + Alicia Keys]", "Empire State Of Mind", null],
    ["Chained To The Rhythm (Hot Chip Remix)", "Chained To The Rhythm", "Hot Chip Remix"],
    ["Nothing Else Matters (Live)", "Nothing Else Matters", "Live"],
    ["Sweet Dreams (Are Made of This)", "Sweet Dreams (Are Made of This)", null],
    ["Live Your Life", "Live Your Life", null],
    ["We Live (Live Forever)", "We Live (Live Forever)", null],
    ["The Look Of Love - Pt. 1", "The Look Of Love - Pt. 1", null],
  ])("takes '%s' for the song '%s', version %s", (raw, name, version) => {
    expect(parseTitle(raw)).toMatchObject({ name, version });
  });

  test("knows that a remaster's date is not the song's", () => {
    expect(parseTitle("One - 2009 Remaster").isReissue).toBe(true);
    expect(parseTitle("One").isReissue).toBe(false);
  });

  test("tells another cut from another recording", () => {
    expect(parseTitle("Levels - Radio Edit").kind).toBe("cut");
    expect(parseTitle("Levels - Skrillex Remix").kind).toBe("other");
  });
});

describe("albumName", () => {
  test.each([
    ["The Game (2011 Remaster)", "The Game"],
    ["Elohim (Deluxe Edition)", "Elohim"],
    ["Hybrid Theory (Bonus Edition)", "Hybrid Theory"],
    ["(What's the Story) Morning Glory?", "(What's the Story) Morning Glory?"],
  ])("writes '%s' as '%s'", (raw, name) => {
    expect(albumName(raw)).toBe(name);
  });
});

test("a collection's date is not trusted", () => {
  expect(isCollection("The Very Best Of The Who")).toBe(true);
  expect(isCollection("Abbey Road")).toBe(false);
});
