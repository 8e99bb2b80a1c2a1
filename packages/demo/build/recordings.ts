/** Folds the rows of the source into recordings: one per artist, song and version. */

import { foldName } from "../src/fold-name.ts";
import { artistKeyFor } from "./fold-artists.ts";
import { voteWeight } from "./genre-labels.ts";
import { isJunk } from "./junk.ts";
import {
  albumName,
  isCollection,
  type ParsedTitle,
  parseTitle,
  type VersionKind,
} from "./parse-title.ts";
import type { SourceRow } from "./source-rows.ts";

/** A recording of a song, still without genre and id. */
export interface Recording {
  /** As the row spells it. */
  readonly artist: string;
  readonly artistKey: string;
  /** The song's name without version words, as most rows spell it. */
  name: string;
  /** Folded name: with the artist it identifies the song. */
  readonly nameKey: string;
  /** Null for the song's plain recording. */
  version: string | null;
  readonly kind: VersionKind;
  album: string | null;
  /** Null when the source's date is that of a collection or a later edition. */
  year: number | null;
  seconds: number | null;
  /** Genre labels of the playlists that held it. */
  readonly labels: readonly string[];
}

/** Junk left out, rows of one recording merged; the order of the result is that of the source. */
export function recordingsOf(rows: readonly SourceRow[]): Recording[] {
  const gathered = new Map<string, { row: SourceRow; parsed: ParsedTitle }[]>();
  for (const row of rows) {
    if (isJunk(row)) continue;
    const parsed = parseTitle(row.title);
    // Name and version together: "Song (Remix)" and "Song / Remix" are one recording.
    const key = `${artistKeyFor(row.artist)}|${foldName(`${parsed.name} ${parsed.version ?? ""}`)}`;
    const same = gathered.get(key) ?? [];
    same.push({ row, parsed });
    gathered.set(key, same);
  }
  return [...gathered.values()].map(merge).filter((recording) => recording !== null);
}

/** Votes of an artist's recordings, one for each recording and label. */
export function labelVotes(recordings: readonly Recording[]): Map<string, Map<string, number>> {
  const votes = new Map<string, Map<string, number>>();
  for (const { artistKey, labels } of recordings) {
    const own = votes.get(artistKey) ?? new Map<string, number>();
    for (const label of labels) own.set(label, (own.get(label) ?? 0) + voteWeight(label));
    votes.set(artistKey, own);
  }
  return votes;
}

function merge(group: readonly { row: SourceRow; parsed: ParsedTitle }[]): Recording | null {
  const isDated = ({ row, parsed }: { row: SourceRow; parsed: ParsedTitle }): boolean =>
    row.year !== null && !parsed.isReissue && !isCollection(row.album);
  // The earliest row that is no later edition knows the album and the year best.
  const ranked = [...group].sort(
    (a, b) =>
      Number(isDated(b)) - Number(isDated(a)) || (a.row.year ?? 9999) - (b.row.year ?? 9999),
  );
  const best = ranked[0];
  if (best === undefined) return null;
  const { row, parsed } = best;
  const nameKey = foldName(parsed.name);
  return {
    artist: row.artist,
    artistKey: artistKeyFor(row.artist),
    name: mostCommon(
      group.map((entry) => entry.parsed.name).filter((name) => foldName(name) === nameKey),
    ),
    nameKey,
    version: parsed.version,
    kind: parsed.kind,
    album: albumName(row.album),
    year: isDated(best) ? row.year : null,
    seconds: row.seconds,
    labels: [...new Set(group.map((entry) => entry.row.label))].sort(),
  };
}

function mostCommon(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return (
    [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))[0]?.[0] ??
    ""
  );
}
