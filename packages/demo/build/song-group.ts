/** All versions of one song by one artist, with near duplicates left out. */

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
const SAME_LENGTH_SECONDS = 6;
