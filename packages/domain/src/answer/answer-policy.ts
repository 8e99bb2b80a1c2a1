/** What a list of songs may hold, whatever rung of the ladder it came from. */

export interface AnswerPolicy {
  readonly limit: number;
  readonly songsPerArtistMax: number;
}

/** Artists and version groups are compared as they are: numbers of a model version, or names. */
export interface PolicyKeys {
  readonly artist: number | string;
  readonly versionGroup: number | string;
}

/**
 * The first `limit` of a ranked list with at most `songsPerArtistMax` songs of one artist and one
 * version of a song. Later entries never change what was taken, so a longer list of the same
 * order gives the same answer.
 */
export function applyPolicy<Entry extends PolicyKeys>(
  ranked: Iterable<Entry>,
  policy: AnswerPolicy,
): readonly Entry[] {
  const taken: Entry[] = [];
  const songsOfArtist = new Map<number | string, number>();
  const versionGroups = new Set<number | string>();
  for (const entry of ranked) {
    if (taken.length >= policy.limit) break;
    const ofArtist = songsOfArtist.get(entry.artist) ?? 0;
    if (ofArtist >= policy.songsPerArtistMax || versionGroups.has(entry.versionGroup)) continue;
    songsOfArtist.set(entry.artist, ofArtist + 1);
    versionGroups.add(entry.versionGroup);
    taken.push(entry);
  }
  return taken;
}
