/** One genre label per song, from labels of playlists (noisy) and of hand-written lists. */

import { genreTraitsFor } from "../src/genres.ts";

/** What the labels of one artist's songs add up to. */
export interface ArtistLabels {
  /** Votes per label, one for each song and label. */
  readonly votes: ReadonlyMap<string, number>;
}

/**
 * The label of a song from the playlists that held it. A label that few of the artist's songs
 * share is taken for noise of a playlist, and the artist's main label used instead.
 */
export function sourceGenre(
  labels: readonly string[],
  artist: ArtistLabels,
  year: number | null,
): string {
  const total = [...artist.votes.values()].reduce((sum, votes) => sum + votes, 0);
  const shareOf = (label: string): number => (artist.votes.get(label) ?? 0) / total;
  const ownLabel = [...labels].sort((a, b) => shareOf(b) - shareOf(a) || (a < b ? -1 : 1))[0];
  const mainLabel = [...artist.votes].sort(
    ([labelA, votesA], [labelB, votesB]) => votesB - votesA || (labelA < labelB ? -1 : 1),
  )[0]?.[0];
  const label =
    ownLabel !== undefined && shareOf(ownLabel) >= OWN_LABEL_SHARE ? ownLabel : mainLabel;
  return displayLabel(label ?? "dance pop", artist, year);
}

/** A vote's weight: some playlists of the source hold nearly anything. */
export function voteWeight(label: string): number {
  return VAGUE_LABELS.has(label) ? 0.4 : 1;
}

/** True for labels of the hand-written lists that say more than the playlists of the source do. */
export function isPreciseLabel(label: string): boolean {
  return !BROAD_LABELS.has(label);
}

/** True for labels of a song's occasion rather than of its artist's style. */
export function isOccasionLabel(label: string): boolean {
  return label === "christmas" || label === "soundtrack";
}

/** The label of a song from the hand-written lists, made finer by its year. */
export function famousGenre(label: string, year: number | null): string {
  const plain = FAMOUS_LABELS[label] ?? label;
  if (plain === "rock") return rockOf(year);
  if (plain === "pop" && year !== null && year < 1960) return "vocal pop";
  if (plain === "r&b" && year !== null && year < 1963) return "doo-wop";
  if (genreTraitsFor(plain) === null)
    throw new Error(`The genre '${plain}' is not in src/genres.ts; add it there or map it here.`);
  return plain;
}

function displayLabel(label: string, artist: ArtistLabels, year: number | null): string {
  const votes = (name: string): number => artist.votes.get(name) ?? 0;
  const latinVotes = votes("reggaeton") + votes("latin pop") + votes("latin hip hop") * 0.5;
  const clubVotes =
    votes("dance pop") +
    votes("pop edm") +
    votes("electro house") +
    votes("progressive electro house");
  switch (label) {
    case "trap":
      return latinVotes > 0 ? "latin trap" : "trap";
    case "tropical":
      return latinVotes > clubVotes ? "tropical" : "tropical house";
    case "permanent wave":
      return year !== null && year < 1992 ? "new wave" : "alternative rock";
    case "album rock":
      return year === null || year < 1992 ? "classic rock" : "pop rock";
    default:
      return SOURCE_LABELS[label] ?? label;
  }
}

function rockOf(year: number | null): string {
  if (year === null) return "classic rock";
  if (year < 1963) return "rock and roll";
  if (year < 1969) return "sixties rock";
  if (year < 1989) return "classic rock";
  return "alternative rock";
}

const OWN_LABEL_SHARE = 0.25;
const VAGUE_LABELS = new Set([
  "hip pop",
  "latin hip hop",
  "urban contemporary",
  "southern hip hop",
  "post-teen pop",
]);
const SOURCE_LABELS: Readonly<Record<string, string>> = {
  "post-teen pop": "teen pop",
  "indie poptimism": "indie pop",
  "urban contemporary": "r&b",
  "hip pop": "pop rap",
  "pop edm": "edm",
  "progressive electro house": "progressive house",
};
const BROAD_LABELS = new Set([
  "rock",
  "pop",
  "rap",
  "r&b",
  "latin",
  "electronic",
  "edm",
  "indie",
  "soul",
]);
const FAMOUS_LABELS: Readonly<Record<string, string>> = { rap: "hip hop", indie: "indie rock" };
