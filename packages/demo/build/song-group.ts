/** All versions of one song by one artist, with near duplicates left out. */

import { leadArtistKeyFor } from "./fold-artists.ts";
import { looseNames } from "./parse-title.ts";
import type { Recording } from "./recordings.ts";

/** The plain recording first, when there is one. */
export type SongGroup = Recording[];

/** Recordings by artist and song; each group holds no two recordings that a listener would take for one. */
export function songGroupsOf(recordings: readonly Recording[]): Map<string, SongGroup> {
  const groups = new Map<string, SongGroup>();
  for (const recording of recordings) {
    const key = songKeyFor(recording.artistKey, recording.nameKey);
    const group = groups.get(key) ?? [];
    group.push(recording);
    groups.set(key, group);
  }
  for (const [key, group] of groups) groups.set(key, distinctVersions(group));
  return groups;
}

/**
 * Takes out plain recordings that another group already holds under a longer name ("Ante Up",
 * "Ante Up (Robbin Hoodz Theory)") or with more artists: same first artist, same length.
 */
export function dropNearDuplicates(groups: ReadonlyMap<string, SongGroup>): void {
  const seen = new Map<string, Recording[]>();
  for (const group of groups.values()) {
    const plain = group[0];
    if (plain === undefined || plain.version !== null || PARTS.test(plain.name)) continue;
    const bare = looseNames(plain.name).at(-1) ?? plain.nameKey;
    const key = songKeyFor(leadArtistKeyFor(plain.artist), bare);
    const others = seen.get(key) ?? [];
    if (others.some((other) => isNearDuplicate(plain, other))) group.shift();
    else seen.set(key, [...others, plain]);
  }
}

export function songKeyFor(artistKey: string, nameKey: string): string {
  return `${artistKey}|${nameKey}`;
}

function distinctVersions(group: SongGroup): SongGroup {
  const ordered = [...group].sort(
    (a, b) =>
      Number(a.version !== null) - Number(b.version !== null) ||
      CUTS_LAST.indexOf(a.kind) - CUTS_LAST.indexOf(b.kind) ||
      (a.version ?? "").length - (b.version ?? "").length ||
      ((a.version ?? "") < (b.version ?? "") ? -1 : 1),
  );
  const [first] = ordered;
  // With only a radio edit or an extended mix at hand, that is the song.
  const hasPlain = first !== undefined && first.version === null;
  const promoted = hasPlain ? undefined : ordered.find((recording) => recording.kind === "cut");
  if (promoted !== undefined) {
    promoted.version = null;
    ordered.splice(ordered.indexOf(promoted), 1);
    ordered.unshift(promoted);
  }
  const kept: SongGroup = [];
  for (const recording of ordered) {
    if (!kept.some((other) => isNearDuplicate(recording, other))) kept.push(recording);
  }
  return kept;
}

/** Another cut of about the same length is the same recording under another label. */
function isNearDuplicate(recording: Recording, kept: Recording): boolean {
  if (recording.kind === "other" || kept.kind === "other") return false;
  if (recording.seconds === null || kept.seconds === null) return true;
  return Math.abs(recording.seconds - kept.seconds) <= SAME_LENGTH_SECONDS;
}

const CUTS_LAST = ["same", "other", "cut"];
/** Names that differ only in brackets or numbers may well be other songs. */
const PARTS = /\d|\b(pt|part|intro|outro|interlude|skit|reprise|act|vol)\b/iu;
const SAME_LENGTH_SECONDS = 6;
