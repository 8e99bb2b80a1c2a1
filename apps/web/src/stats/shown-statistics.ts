/**
 * What each part of the page shows. With a focus everything is narrowed to it but the panel in which
 * it was chosen: that one keeps everything, so that another can be chosen there.
 */
import type { ListeningPart, Statistics } from "../api/stats-wire.ts";
import type { Focus } from "./focus.ts";

/** null: too many plays of everybody to tell when those of the focus were. */
export type Times = Pick<Statistics, "overTime" | "heatmap"> | null;

export interface ShownStatistics {
  readonly figures: Pick<Statistics, "plays" | "seconds" | "songCount" | "artistCount"> & {
    /** null: not known, as the times. */
    readonly daysActive: number | null;
  };
  readonly songs: Pick<Statistics, "topSongs" | "songCount">;
  readonly artists: Pick<Statistics, "topArtists" | "artistCount">;
  readonly genres: Pick<Statistics, "topGenres" | "plays">;
  readonly times: Times;
  readonly week: Statistics["heatmap"] | null;
}

/** @param part of the focus; null without one */
export function shownStatistics(
  statistics: Statistics,
  focus: Focus | null,
  part: ListeningPart | null,
): ShownStatistics {
  if (focus === null || part === null) {
    return {
      figures: statistics,
      songs: statistics,
      artists: statistics,
      genres: statistics,
      times: statistics,
      week: statistics.heatmap,
    };
  }
  const { overTime, heatmap } = part;
  return {
    figures: part,
    songs: part,
    artists: focus.kind === "artist" ? statistics : part,
    genres: focus.kind === "genre" ? statistics : part,
    times: overTime === null || heatmap === null ? null : { overTime, heatmap },
    week: focus.kind === "hour" ? statistics.heatmap : heatmap,
  };
}

/** Whether a panel shows less than everything. */
export function isNarrowed(focus: Focus | null, chosenIn?: Focus["kind"]): boolean {
  return focus !== null && focus.kind !== chosenIn;
}
