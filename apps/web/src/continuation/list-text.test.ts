import { expect, it } from "vitest";
import { listText } from "./list-text.ts";

it("list text › numbers the songs and names the artist first", () => {
  const facts = { album: null, year: null, genre: null, seconds: null };
  const songs = [
    { id: "1", title: "Respect", artist: "Aretha Franklin", ...facts },
    { id: "2", title: "Move On Up", artist: "Curtis Mayfield", ...facts },
  ];
  expect(listText(songs)).toBe("1. Aretha Franklin - Respect\n2. Curtis Mayfield - Move On Up");
});
