/** What people type, by class, each with the track they have in mind where there is one. */
import type { CatalogueSong } from "../../packages/domain/src/index.ts";
import { QUERY_LENGTH_MIN } from "../../packages/search/src/index.ts";
import {
  type Random,
  seededRandom,
  withFirstLetterError,
  withTypingError,
} from "../../packages/search/test/typing-errors.ts";
import type { GeneratedTracks } from "./generated-tracks.ts";

export interface BenchmarkQuery {
  readonly text: string;
  /** Absent where any answer will do. */
  readonly intended?: CatalogueSong;
}

export interface QueryClass {
  readonly name: string;
  readonly queries: readonly BenchmarkQuery[];
  /** The share of intended titles that must be among the first ten. */
  readonly recallMin?: number;
}

const ONE_ERROR_RECALL_MIN = 0.95;
const SEED = 5;
const CJK_RUN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{3}/u;

export function queryClasses(tracks: GeneratedTracks, count: number): QueryClass[] {
  const random = seededRandom(SEED);
  const anyTrack = () => tracks.at(Math.floor(random() * tracks.count));
  const latin = () => drawWhere(anyTrack, ({ title }) => /^[\p{L}\p{N}' ]{3,40}$/u.test(title));
  const long = () => drawWhere(latin, ({ title }) => title.replace(/\P{L}/gu, "").length >= 8);
  const accented = () => drawWhere(anyTrack, ({ title }) => withoutAccents(title) !== title);
  const spaced = () => drawWhere(latin, ({ title }) => title.split(" ").length === 2);
  const cjk = () => drawWhere(anyTrack, ({ title }) => CJK_RUN.test(title));
  const title = ({ title }: CatalogueSong) => title.toLowerCase();
  const both = (song: CatalogueSong) => `${song.artist} ${song.title}`.toLowerCase();
  const mistyped = (text: string) => withTypingError(text, random);
  const classOf = (
    name: string,
    pick: () => CatalogueSong,
    type: (song: CatalogueSong) => string,
    recallMin?: number,
  ): QueryClass => ({
    name,
    queries: Array.from({ length: count }, () => drawQuery(pick, type)),
    ...(recallMin === undefined ? {} : { recallMin }),
  });
  return [
    { name: "three letters", queries: textsOf(count, () => title(latin()).slice(0, 3)) },
    { name: "frequent words", queries: textsOf(count, () => frequentWords(random)) },
    classOf("full title", anyTrack, title),
    classOf("artist and title", anyTrack, both),
    classOf("title typed to its middle", long, (song) =>
      title(song).slice(0, Math.ceil(song.title.length / 2)),
    ),
    classOf(
      "title of 8+ letters, one error",
      long,
      (song) => mistyped(title(song)),
      ONE_ERROR_RECALL_MIN,
    ),
    classOf(
      "title of 8+ letters, error in the first",
      long,
      (song) => withFirstLetterError(title(song), random),
      ONE_ERROR_RECALL_MIN,
    ),
    classOf("any title, one error", latin, (song) => mistyped(title(song))),
    classOf("any title, two errors", latin, (song) => mistyped(mistyped(title(song)))),
    classOf("artist and title, one error", latin, (song) => mistyped(both(song))),
    classOf("artist and title, two errors", latin, (song) => mistyped(mistyped(both(song)))),
    classOf("accents dropped", accented, (song) => withoutAccents(title(song))),
    classOf("space missing", spaced, (song) => title(song).replace(" ", "")),
    classOf("three CJK characters", cjk, (song) => CJK_RUN.exec(song.title)?.[0] ?? ""),
    {
      name: "no match",
      queries: textsOf(count, () => `${letters(random, 9)} ${letters(random, 11)}`),
    },
    { name: "hostile text", queries: textsOf(count, () => hostileText(random)) },
  ];
}

/** A text long enough to be searched for; some titles and some mistyped ones are not. */
function drawQuery(
  pick: () => CatalogueSong,
  type: (song: CatalogueSong) => string,
): BenchmarkQuery {
  for (;;) {
    const intended = pick();
    const text = type(intended);
    if ([...text.trim()].length >= QUERY_LENGTH_MIN) return { text, intended };
  }
}

function textsOf(count: number, type: () => string): BenchmarkQuery[] {
  const texts = Array.from({ length: count }, type);
  return texts.map((text) => ({
    text: [...text.trim()].length < QUERY_LENGTH_MIN ? `${text}the` : text,
  }));
}

function drawWhere(
  draw: () => CatalogueSong,
  holds: (song: CatalogueSong) => boolean,
): CatalogueSong {
  for (;;) {
    const song = draw();
    if (holds(song)) return song;
  }
}

function withoutAccents(text: string): string {
  return text
    .normalize("NFD")
    .replace(/(?<=[a-zA-Z])[\u0300-\u036f]/g, "")
    .normalize("NFC");
}

const FREQUENT = [
  "the",
  "love",
  "you",
  "me",
  "in",
  "my",
  "of",
  "remix",
  "live",
  "to",
  "i",
  "a",
  "no",
  "de",
];

function frequentWords(random: Random): string {
  const length = 1 + Math.floor(random() * 3);
  const words = Array.from(
    { length },
    () => FREQUENT[Math.floor(random() * FREQUENT.length)] ?? "",
  );
  return words.join(" ");
}

function letters(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("");
}

const HOSTILE = [
  '"',
  "*",
  " AND ",
  " OR ",
  "NEAR(",
  ")",
  "^",
  ":",
  "\0",
  "\ud83d",
  "'; DROP TABLE track",
  "love",
];

function hostileText(random: Random): string {
  const length = 3 + Math.floor(random() * 12);
  const parts = Array.from({ length }, () => HOSTILE[Math.floor(random() * HOSTILE.length)] ?? "");
  return random() < 0.1 ? parts.join("").repeat(200) : parts.join("");
}
