import { describe, expect, it } from "vitest";
import { genreShares } from "./genre-shares.ts";

function genres(count: number, plays: number) {
  return Array.from({ length: count }, (_, index) => ({
    genre: `genre ${index}`,
    plays,
    seconds: 0,
    share: 1 / count,
  }));
}

describe("genre shares", () => {
  it("name the largest and put the others together", () => {
    const shares = genreShares(genres(20, 5), 100);
    expect(shares).toHaveLength(8);
    expect(shares.at(-1)).toEqual({ genre: null, label: "All others", plays: 65, share: 0.65 });
  });

  it("name all where only one would be left over", () => {
    expect(genreShares(genres(8, 5), 40).map(({ label }) => label)).not.toContain("All others");
  });

  it("count what the list does not reach", () => {
    expect(genreShares(genres(2, 5), 40).at(-1)).toMatchObject({ genre: null, plays: 30 });
  });

  it("call songs without a genre by that", () => {
    const unknown = { genre: null, plays: 3, seconds: 0, share: 1 };
    expect(genreShares([unknown], 3)).toEqual([
      { genre: "", label: "No genre known", plays: 3, share: 1 },
    ]);
  });
});
