import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPolicy } from "./answer-policy.ts";

const someSongs = fc.array(fc.record({ artist: fc.nat(4), versionGroup: fc.nat(9) }), {
  maxLength: 40,
});
const somePolicy = fc.record({
  limit: fc.integer({ min: 1, max: 12 }),
  songsPerArtistMax: fc.integer({ min: 1, max: 4 }),
});

describe("answer policy", () => {
  test("keeps to the limit, the artist cap and one version of a song", () => {
    fc.assert(
      fc.property(someSongs, somePolicy, (songs, policy) => {
        const taken = applyPolicy(songs, policy);
        expect(taken.length).toBeLessThanOrEqual(policy.limit);
        const groups = taken.map(({ versionGroup }) => versionGroup);
        expect(new Set(groups).size).toBe(groups.length);
        for (const { artist } of taken) {
          const ofArtist = taken.filter((other) => other.artist === artist);
          expect(ofArtist.length).toBeLessThanOrEqual(policy.songsPerArtistMax);
        }
      }),
    );
  });

  test("leaves out nothing that it might have taken", () => {
    fc.assert(
      fc.property(someSongs, somePolicy, (songs, policy) => {
        const taken = applyPolicy(songs, policy);
        fc.pre(taken.length < policy.limit);
        for (const song of songs) {
          const hasVersion = taken.some(({ versionGroup }) => versionGroup === song.versionGroup);
          const ofArtist = taken.filter(({ artist }) => artist === song.artist).length;
          expect(hasVersion || ofArtist === policy.songsPerArtistMax).toBe(true);
        }
      }),
    );
  });

  test("gives the same for a longer list of the same order once the limit is reached", () => {
    fc.assert(
      fc.property(someSongs, someSongs, somePolicy, (songs, more, policy) => {
        const taken = applyPolicy(songs, policy);
        fc.pre(taken.length === policy.limit);
        expect(applyPolicy([...songs, ...more], policy)).toEqual(taken);
      }),
    );
  });
});
