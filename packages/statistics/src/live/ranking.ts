import type { Counts, NameCount, SongCount } from "./listening.ts";

/** More plays first, then more time, then by name, so that the order depends on nothing else. */
export function compareNames(left: NameCount, right: NameCount): number {
  return compareCounts(left, right) || compareText(left.name, right.name);
}

export function compareSongs(left: SongCount, right: SongCount): number {
  return (
    compareCounts(left, right) ||
    compareText(left.artist, right.artist) ||
    compareText(left.title, right.title) ||
    compareText(left.songId ?? "", right.songId ?? "")
  );
}

function compareCounts(left: Counts, right: Counts): number {
  return right.plays - left.plays || right.heardMs - left.heardMs;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
