/** The picture of a year that a listener shares: what is where, before anything is drawn. */
import type { YearReview } from "../api/stats-wire.ts";
import { coverArtFor } from "../covers/cover-art.ts";
import {
  counted,
  formatCount,
  formatDayOfYear,
  formatHour,
  reviewedName,
} from "../stats/listening-wording.ts";
import { cutText, shrinkText } from "./fit-text.ts";
import type { MeasureText, Picture, PictureItem } from "./picture.ts";

/** Upright, as places where pictures are shared show them whole. */
export const PICTURE_WIDTH = 1080;
export const PICTURE_HEIGHT = 1350;

const MARGIN = 72;
const INNER = PICTURE_WIDTH - 2 * MARGIN;
const COLUMN_GAP = 36;
const SONGS_WIDTH = 494;
const ARTISTS_X = MARGIN + SONGS_WIDTH + COLUMN_GAP;
const ARTISTS_WIDTH = INNER - SONGS_WIDTH - COLUMN_GAP;
const LISTED = 5;

const GROUND = "#0b1f19";
const RAISED = "#16352b";
const INK = "#f3f7ee";
const SOFT = "#a8c0b3";
const CITRON = "#d3eb5c";

const MONTH_INITIALS = "JFMAMJJASOND";
const BARS = { top: 552, height: 104, gap: 14 } as const;
const LISTS_TOP = 770;
const ROW_HEIGHT = 78;
const FACTS_TOP = 1204;

export function reviewPicture(review: YearReview, measure: MeasureText): Picture {
  return {
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    items: [
      {
        kind: "box",
        x: 0,
        y: 0,
        width: PICTURE_WIDTH,
        height: PICTURE_HEIGHT,
        radius: 0,
        fill: GROUND,
      },
      ...headItems(review, measure),
      ...monthItems(review),
      ...songItems(review, measure),
      ...artistItems(review, measure),
      ...factItems(review, measure),
    ],
  };
}

/** What the picture says, for those who do not see it. */
export function reviewPictureWords(review: YearReview): string {
  const songs = review.topSongs
    .slice(0, LISTED)
    .map(({ title, artist }) => `${title} by ${artist}`);
  const artists = review.topArtists.slice(0, LISTED).map(({ artist }) => artist);
  return [
    `${reviewedName(review.user)}, ${review.year}: ${minutesOf(review)} minutes of music in ${counted(review.plays, "play")}.`,
    `Top songs: ${songs.join(", ")}.`,
    `Top artists: ${artists.join(", ")}.`,
    ...factsOf(review).map(({ name, value }) => `${name}: ${value}.`),
  ].join(" ");
}

function headItems(review: YearReview, measure: MeasureText): readonly PictureItem[] {
  const minutes = minutesOf(review);
  const minutesSize = shrinkText(minutes, INNER, { sizeMax: 220, sizeMin: 90 }, 800, measure);
  const name = cutText(reviewedName(review.user), INNER - 230, 46, 700, measure);
  const below = `minutes of music · ${counted(review.plays, "play")} · ${counted(review.songCount, "song")} · ${counted(review.artistCount, "artist")}`;
  return [
    text(name, MARGIN, 122, 46, 700, INK),
    { ...text(String(review.year), PICTURE_WIDTH - MARGIN, 122, 46, 800, CITRON), align: "right" },
    text("A year in music", MARGIN, 174, 30, 500, SOFT),
    text(minutes, MARGIN - minutesSize * 0.05, 404, minutesSize, 800, CITRON),
    text(cutText(below, INNER, 30, 500, measure), MARGIN, 470, 30, 500, INK),
  ];
}

function monthItems({ months }: YearReview): readonly PictureItem[] {
  const most = Math.max(...months.map(({ seconds }) => seconds), 1);
  const width = (INNER - BARS.gap * (months.length - 1)) / months.length;
  return months.flatMap(({ seconds, month }, index) => {
    const x = MARGIN + index * (width + BARS.gap);
    const height = Math.max(8, (seconds / most) * BARS.height);
    const bar: PictureItem = {
      kind: "box",
      x,
      y: BARS.top + BARS.height - height,
      width,
      height,
      radius: 8,
      fill: seconds === 0 ? RAISED : seconds === most ? CITRON : "#3f8a68",
    };
    const initial = text(
      MONTH_INITIALS[month - 1] ?? "",
      x + width / 2,
      BARS.top + BARS.height + 34,
      22,
      600,
      SOFT,
    );
    return [bar, { ...initial, align: "center" as const }];
  });
}

function songItems({ topSongs }: YearReview, measure: MeasureText): readonly PictureItem[] {
  const textX = MARGIN + 80;
  const width = SONGS_WIDTH - 80;
  return [
    text("Top songs", MARGIN, LISTS_TOP, 26, 600, SOFT),
    ...topSongs.slice(0, LISTED).flatMap(({ id, title, artist, genre }, index): PictureItem[] => {
      const y = LISTS_TOP + 26 + index * ROW_HEIGHT;
      const art = coverArtFor({ id: id ?? `${artist} ${title}`, artist, genre });
      return [
        { kind: "cover", x: MARGIN, y, size: 62, radius: 12, art },
        text(cutText(title, width, 29, 700, measure), textX, y + 28, 29, 700, INK),
        text(cutText(artist, width, 23, 400, measure), textX, y + 57, 23, 400, SOFT),
      ];
    }),
  ];
}

function artistItems({ topArtists }: YearReview, measure: MeasureText): readonly PictureItem[] {
  const textX = ARTISTS_X + 44;
  const width = ARTISTS_WIDTH - 44;
  return [
    text("Top artists", ARTISTS_X, LISTS_TOP, 26, 600, SOFT),
    ...topArtists.slice(0, LISTED).flatMap(({ artist, plays }, index): PictureItem[] => {
      const y = LISTS_TOP + 26 + index * ROW_HEIGHT;
      return [
        text(String(index + 1), ARTISTS_X, y + 40, 34, 800, CITRON),
        text(cutText(artist, width, 29, 700, measure), textX, y + 28, 29, 700, INK),
        text(counted(plays, "play"), textX, y + 57, 23, 400, SOFT),
      ];
    }),
  ];
}

interface Fact {
  readonly name: string;
  readonly value: string;
}

function factsOf({ topGenres, streak, busiestDay, busiestHour }: YearReview): readonly Fact[] {
  const genre = topGenres.find((candidate) => candidate.genre !== null)?.genre ?? null;
  const facts: (Fact | null)[] = [
    genre === null ? null : { name: "Top genre", value: genre },
    { name: "Longest streak", value: counted(streak.longest, "day") },
    busiestDay === null ? null : { name: "Busiest day", value: formatDayOfYear(busiestDay.day) },
    busiestHour === null ? null : { name: "Busiest hour", value: formatHour(busiestHour) },
  ];
  return facts.filter((fact) => fact !== null);
}

function factItems(review: YearReview, measure: MeasureText): readonly PictureItem[] {
  const facts = factsOf(review);
  const gap = 18;
  const width = (INNER - gap * (facts.length - 1)) / facts.length;
  return facts.flatMap(({ name, value }, index): PictureItem[] => {
    const x = MARGIN + index * (width + gap);
    const room = width - 40;
    return [
      { kind: "box", x, y: FACTS_TOP, width, height: 92, radius: 18, fill: RAISED },
      text(cutText(name, room, 20, 500, measure), x + 20, FACTS_TOP + 36, 20, 500, SOFT),
      text(cutText(value, room, 28, 700, measure), x + 20, FACTS_TOP + 72, 28, 700, INK),
    ];
  });
}

function minutesOf({ seconds }: YearReview): string {
  return formatCount(Math.round(seconds / 60));
}

function text(
  words: string,
  x: number,
  y: number,
  size: number,
  weight: number,
  fill: string,
): Extract<PictureItem, { kind: "text" }> {
  return { kind: "text", text: words, x, y, size, weight, fill, align: "left" };
}
