/** Joins the cleaned source with the lists of famous songs into the bundled catalogue. */

import { songIdFor } from "@segue/store";
import type { DemoSong } from "../src/catalogue.ts";
import { foldName } from "../src/fold-name.ts";
import { traitOf } from "../src/random.ts";
import { artistKeyFor, leadArtistKeyFor, spellingsFor } from "./fold-artists.ts";
import {
  type ArtistLabels,
  famousGenre,
  isOccasionLabel,
  isPreciseLabel,
  sourceGenre,
} from "./genre-labels.ts";
import { isCollection, looseNames, parseTitle } from "./parse-title.ts";
import { labelVotes, type Recording, recordingsOf } from "./recordings.ts";
import { dropNearDuplicates, type SongGroup, songGroupsOf, songKeyFor } from "./song-group.ts";
import type { FamousRow, SourceRow } from "./source-rows.ts";

export interface CatalogueInput {
  readonly source: readonly SourceRow[];
  readonly famous: readonly FamousRow[];
  /** title, artist: the best-known songs, best first. */
  readonly evergreens: readonly Record<string, string>[];
  /** artist, genre: corrections of what the source's playlists say. */
  readonly artistGenres: readonly Record<string, string>[];
}

/** The catalogue in its order (artist, title), without plays. Throws when two songs get one id. */
export function assembleCatalogue(input: CatalogueInput): DemoSong[] {
  const recordings = recordingsOf(input.source);
  const votes = labelVotes(recordings);
  const groups = songGroupsOf(recordings);
  dropNearDuplicates(groups);
  const famous = joinFamous(groups, input.famous);
  const spellings = spellingsFor(
    input.source.map((row) => row.artist),
    input.famous.map((row) => row.artist),
  );
  const corrections = new Map(
    input.artistGenres.map((row) => [artistKeyFor(row["artist"] ?? ""), row["genre"] ?? ""]),
  );
  const artistLabels = preciseLabels(input.famous);
  const genreOf = (
    recording: Recording,
    known: FamousRow | undefined,
    labels: ArtistLabels,
    year: number | null,
  ): string => {
    if (known !== undefined && isOccasionLabel(known.genre)) return known.genre;
    const corrected = corrections.get(recording.artistKey);
    if (corrected !== undefined) return corrected;
    const precise = artistLabels.get(recording.artistKey);
    if (known !== undefined && isPreciseLabel(known.genre))
      return famousGenre(known.genre, known.year);
    if (precise !== undefined) return famousGenre(precise, year);
    if (recording.labels.length > 0) return sourceGenre(recording.labels, labels, year);
    return famousGenre(known?.genre ?? "pop", year);
  };
  const ranks = fameRanks(famous, input.evergreens);
  const lastYears = lastFamousYears(input.famous);

  const songs: DemoSong[] = [];
  for (const group of groups.values()) {
    const first = group[0];
    if (first === undefined) continue;
    const artist = spellings.get(first.artistKey) ?? first.artistKey;
    const versionGroup = songIdFor(artist, titleOf(first));
    for (const recording of group) {
      const known = famous.get(recording);
      const year = known?.year ?? plausibleYear(recording.year, lastYears.get(recording.artistKey));
      const labels: ArtistLabels = { votes: votes.get(recording.artistKey) ?? new Map() };
      songs.push({
        id: songIdFor(artist, titleOf(recording)),
        title: titleOf(recording),
        artist,
        album: known?.album ?? albumBeside(year, recording),
        year,
        genre: genreOf(recording, known, labels, year),
        seconds: recording.seconds ?? known?.seconds ?? null,
        versionGroup,
        popularity: 0,
        origin: known === undefined ? "source" : recording.labels.length === 0 ? "famous" : "both",
        fameRank: ranks.get(recording) ?? null,
      });
    }
  }
  assertDistinctIds(songs);
  return songs.sort(
    (a, b) =>
      compare(foldName(a.artist), foldName(b.artist)) ||
      compare(foldName(a.title), foldName(b.title)),
  );
}

/**
 * Finds each famous song among the groups, or adds it. The same song may be credited to more or
 * fewer artists ("Queen", "Queen & David Bowie"), so the first-named artist is tried as well.
 */
function joinFamous(
  groups: Map<string, SongGroup>,
  rows: readonly FamousRow[],
): Map<Recording, FamousRow> {
  const byLead = new Map<string, SongGroup>();
  const index = (group: SongGroup): void => {
    const first = group[0];
    if (first === undefined) return;
    for (const name of looseNames(first.name)) {
      const key = songKeyFor(leadArtistKeyFor(first.artist), name);
      if (!byLead.has(key)) byLead.set(key, group);
    }
  };
  for (const group of groups.values()) index(group);
  const famous = new Map<Recording, FamousRow>();
  for (const row of rows) {
    const { name } = parseTitle(row.title);
    const artistKey = artistKeyFor(row.artist);
    const group =
      groups.get(songKeyFor(artistKey, foldName(name))) ??
      looseNames(name)
        .map((loose) => byLead.get(songKeyFor(leadArtistKeyFor(row.artist), loose)))
        .find((found) => found !== undefined);
    const plain = group?.find((recording) => recording.version === null);
    if (plain !== undefined) {
      if (!famous.has(plain)) famous.set(plain, row);
      continue;
    }
    const added: Recording = {
      artist: row.artist,
      artistKey: group?.[0]?.artistKey ?? artistKey,
      name: group?.[0]?.name ?? name,
      nameKey: group?.[0]?.nameKey ?? foldName(name),
      version: null,
      kind: "same",
      album: row.album,
      year: row.year,
      seconds: row.seconds,
      labels: [],
    };
    famous.set(added, row);
    if (group === undefined) {
      const fresh = [added];
      groups.set(songKeyFor(artistKey, added.nameKey), fresh);
      index(fresh);
    } else {
      group.unshift(added);
    }
  }
  return famous;
}

/** 1 for the best-known song: the evergreens as listed, then the other famous songs. */
function fameRanks(
  famous: ReadonlyMap<Recording, FamousRow>,
  evergreens: readonly Record<string, string>[],
): Map<Recording, number> {
  const order = new Map(
    evergreens.map((row, place) => [
      songKeyFor(leadArtistKeyFor(row["artist"] ?? ""), foldName(row["title"] ?? "")),
      place,
    ]),
  );
  const placeOf = (artist: string, title: string): number | undefined =>
    looseNames(title)
      .map((name) => order.get(songKeyFor(leadArtistKeyFor(artist), name)))
      .find((place) => place !== undefined);
  const perArtist = new Map<string, number>();
  const placed = [...famous].map(([recording, row]) => {
    const nth = perArtist.get(recording.artistKey) ?? 0;
    perArtist.set(recording.artistKey, nth + 1);
    const place = placeOf(row.artist, row.title) ?? placeOf(row.artist, recording.name);
    // Lists name an artist's best-known songs first; the trait only mixes the artists.
    const score =
      place ??
      evergreens.length + nth + 6 * traitOf(0, "fame", recording.artistKey, recording.nameKey);
    return { recording, score };
  });
  placed.sort((a, b) => a.score - b.score);
  return new Map(placed.map(({ recording }, rank) => [recording, rank + 1]));
}

/** The label of the artists whose famous songs have one label that says more than "pop" or "rock". */
function preciseLabels(rows: readonly FamousRow[]): Map<string, string> {
  const labels = new Map<string, Set<string>>();
  for (const { artist, genre } of rows) {
    if (isOccasionLabel(genre)) continue;
    const key = artistKeyFor(artist);
    labels.set(key, (labels.get(key) ?? new Set()).add(genre));
  }
  const precise = new Map<string, string>();
  for (const [key, own] of labels) {
    const [label, second] = own;
    if (label !== undefined && second === undefined && isPreciseLabel(label))
      precise.set(key, label);
  }
  return precise;
}

function lastFamousYears(rows: readonly FamousRow[]): Map<string, number> {
  const years = new Map<string, number>();
  for (const { artist, year } of rows) {
    const key = artistKeyFor(artist);
    if (year !== null) years.set(key, Math.max(year, years.get(key) ?? year));
  }
  return years;
}

/** A song dated long after its artist's known time is most likely on a reissue. */
function plausibleYear(year: number | null, lastYear: number | undefined): number | null {
  if (year === null || lastYear === undefined || lastYear >= 1990) return year;
  return year > lastYear + 10 ? null : year;
}

/** A collection's name beside the year of the song itself would read as the collection's year. */
function albumBeside(year: number | null, { album }: Recording): string | null {
  return album !== null && year !== null && isCollection(album) ? null : album;
}

function titleOf(recording: Recording): string {
  return recording.version === null ? recording.name : `${recording.name} (${recording.version})`;
}

function assertDistinctIds(songs: readonly DemoSong[]): void {
  const seen = new Map<string, DemoSong>();
  for (const song of songs) {
    const other = seen.get(song.id);
    if (other !== undefined) {
      throw new Error(
        `'${song.artist} - ${song.title}' and '${other.artist} - ${other.title}' share the id ${song.id}; lengthen ids or mend a rule.`,
      );
    }
    seen.set(song.id, song);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
