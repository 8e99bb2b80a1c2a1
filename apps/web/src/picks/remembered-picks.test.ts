import { describe, expect, it } from "vitest";
import { recallPicks, rememberPicks } from "./remembered-picks.ts";

function memoryStorage(initial?: string) {
  let value: string | null = initial ?? null;
  return {
    getItem: () => value,
    setItem: (_key: string, text: string) => {
      value = text;
    },
  };
}

const SONG = {
  id: "s1",
  title: "Respect",
  artist: "Aretha Franklin",
  album: null,
  year: 1967,
  genre: "soul",
  seconds: 147,
};

describe("remembered picks", () => {
  it("gives back what was kept", () => {
    const storage = memoryStorage();
    rememberPicks(storage, [SONG]);
    expect(recallPicks(storage)).toEqual([SONG]);
  });

  it("starts empty on a first visit", () => {
    expect(recallPicks(memoryStorage())).toEqual([]);
  });

  it("forgets what it cannot read", () => {
    expect(recallPicks(memoryStorage("{broken"))).toEqual([]);
    expect(recallPicks(memoryStorage('{"songs":[{"id":4}]}'))).toEqual([]);
  });

  it("goes on without a storage that accepts anything", () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    };
    expect(() => rememberPicks(full, [SONG])).not.toThrow();
  });
});
