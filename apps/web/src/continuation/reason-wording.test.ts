import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reasonShares, reasonTitles, reasonWording } from "./reason-wording.ts";

const TITLES: Record<string, string> = { a: "Respect", b: "Superstition", c: "Move On Up" };
const wording = (because: { id: string; weight: number }[]) =>
  reasonWording(because, (id) => TITLES[id]);

describe("reason wording", () => {
  it("names the strongest two and counts the rest", () => {
    const result = wording([
      { id: "c", weight: 0.1 },
      { id: "a", weight: 0.6 },
      { id: "b", weight: 0.3 },
    ]);
    expect(result.named.map(({ title }) => title)).toEqual(["Respect", "Superstition"]);
    expect(result.othersCount).toBe(1);
    expect(reasonTitles(result)).toBe("Respect, Superstition");
  });

  it("reads well with one and with two", () => {
    expect(reasonTitles(wording([{ id: "a", weight: 2 }]))).toBe("Respect");
    const two = wording([
      { id: "a", weight: 2 },
      { id: "b", weight: 1 },
    ]);
    expect(reasonTitles(two)).toBe("Respect and Superstition");
  });

  it("says titles as people do", () => {
    const titlesOf = (title: string) =>
      reasonTitles(reasonWording([{ id: "x", weight: 1 }], () => title));
    expect(titlesOf("Sweet Dreams (Are Made of This)")).toBe("Sweet Dreams");
    expect(titlesOf("Heroes - 2017 Remaster")).toBe("Heroes");
    expect(titlesOf("(Sittin' On) The Dock of the Bay")).toBe("(Sittin' On) The Dock of the Bay");
    expect(titlesOf("Up-Tight")).toBe("Up-Tight");
  });

  it("does not name a song that spoke against it", () => {
    const result = wording([
      { id: "a", weight: 0.4 },
      { id: "b", weight: -0.2 },
    ]);
    expect(result).toEqual({ named: [{ id: "a", title: "Respect", share: 1 }], othersCount: 0 });
  });

  it("leaves out songs that it cannot name", () => {
    expect(wording([{ id: "gone", weight: 1 }]).named).toEqual([]);
  });

  it("gives shares that sum to one", () => {
    const because = fc.uniqueArray(
      fc.record({ id: fc.string(), weight: fc.double({ min: -5, max: 5, noNaN: true }) }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(because, (list) => {
        const shares = [...reasonShares(list).values()];
        const sum = shares.reduce((total, share) => total + share, 0);
        expect(shares.length === 0 || Math.abs(sum - 1) < 1e-9).toBe(true);
      }),
    );
  });
});
