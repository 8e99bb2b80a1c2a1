/**
 * Narrow readers of the API's answers: they take what the page shows and refuse an answer that
 * lacks it, so that no view ever meets `undefined` where a song should be.
 */

export interface Song {
  readonly id: string;
  readonly title: string;
  readonly artist: string;
  readonly album: string | null;
  readonly year: number | null;
  readonly genre: string | null;
  readonly seconds: number | null;
}

export interface TrendingSong extends Song {
  readonly plays: number | null;
}

export interface Reason {
  readonly id: string;
  readonly weight: number;
}

export interface RankedSong extends Song {
  readonly score: number;
  readonly because: readonly Reason[];
}

export type ServiceLevel = "full" | "neighbours" | "trending";

export interface Hop {
  readonly role: string;
  readonly stage: number | null;
  /** Layers computed there, such as "3-4". */
  readonly layers: string | null;
  readonly shard: number | null;
  readonly replica: string;
  readonly queueMs: number;
  readonly computeMs: number;
  /** When computing began, after the wait of queueMs; Unix time in milliseconds. */
  readonly startedAtMs: number;
}

export interface Receipt {
  readonly requestId: string;
  readonly modelVersion: string;
  readonly level: ServiceLevel;
  readonly reason: string | null;
  readonly attempts: number;
  readonly totalMs: number;
  readonly hops: readonly Hop[];
  /** The picked songs, in their order. */
  readonly songIds: readonly string[];
  /** What the listener had just played, before the picked songs; the oldest first. */
  readonly historyIds: readonly string[];
}

/** A continuation with its receipt. */
export interface Continuation {
  readonly songs: readonly RankedSong[];
  readonly receipt: Receipt;
}

const TIME = /^([^.]+)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

type Fields = Readonly<Record<string, unknown>>;

export function parseSongs(body: unknown): readonly Song[] {
  return listOf(fieldsOf(body)["songs"], parseSong);
}

export function parseTrending(body: unknown): readonly TrendingSong[] {
  return listOf(fieldsOf(body)["songs"], (value) => ({
    ...parseSong(value),
    plays: numberOrNull(fieldsOf(value)["plays"]),
  }));
}

export function parseSong(value: unknown): Song {
  const fields = fieldsOf(value);
  return {
    id: textOf(fields, "id"),
    title: textOf(fields, "title"),
    artist: textOf(fields, "artist"),
    album: textOrNull(fields["album"]),
    year: numberOrNull(fields["year"]),
    genre: textOrNull(fields["genre"]),
    seconds: numberOrNull(fields["seconds"]),
  };
}

export function parseContinuation(body: unknown): Continuation {
  const fields = fieldsOf(body);
  return {
    songs: listOf(fields["songs"], parseRankedSong),
    receipt: parseReceipt(fields["receipt"]),
  };
}

function parseRankedSong(value: unknown): RankedSong {
  const fields = fieldsOf(value);
  return {
    ...parseSong(value),
    score: numberOrNull(fields["score"]) ?? 0,
    because: listOf(fields["because"] ?? [], (reason) => ({
      id: textOf(fieldsOf(reason), "id"),
      weight: numberOrNull(fieldsOf(reason)["weight"]) ?? 0,
    })),
  };
}

function parseReceipt(value: unknown): Receipt {
  const fields = fieldsOf(value);
  return {
    requestId: textOf(fields, "requestId"),
    modelVersion: textOrNull(fields["modelVersion"]) ?? "",
    level: levelOf(fields["level"]),
    reason: textOrNull(fields["reason"]),
    attempts: numberOrNull(fields["attempts"]) ?? 1,
    totalMs: numberOrNull(fields["totalMs"]) ?? 0,
    hops: listOf(fields["hops"] ?? [], parseHop),
    songIds: listOf(fields["songs"] ?? [], String),
    historyIds: listOf(fields["history"] ?? [], String),
  };
}

export function parseHop(value: unknown): Hop {
  const fields = fieldsOf(value);
  return {
    role: textOf(fields, "role"),
    stage: numberOrNull(fields["stage"]),
    layers: textOrNull(fields["layers"]),
    shard: numberOrNull(fields["shard"]),
    replica: textOrNull(fields["replica"]) ?? "",
    queueMs: numberOrNull(fields["queueMs"]) ?? 0,
    computeMs: numberOrNull(fields["computeMs"]) ?? 0,
    startedAtMs: timeOf(fields["startedAt"]),
  };
}

/** RFC 3339 with any number of decimals, which Date would cut to three; hops take less than that. */
export function timeOf(value: unknown): number {
  const [, whole = "", decimals = "", zone = ""] = TIME.exec(String(value)) ?? [];
  const ms = Date.parse(`${whole}${zone}`) + Number(`0.${decimals || "0"}`) * 1000;
  return Number.isNaN(ms) ? 0 : ms;
}

export function levelOf(value: unknown): ServiceLevel {
  return value === "neighbours" || value === "trending" ? value : "full";
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value === "object" && value !== null) return value as Fields;
  throw new TypeError(`expected an object, got ${JSON.stringify(value)}`);
}

export function listOf<T>(value: unknown, parse: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw new TypeError(`expected a list, got ${JSON.stringify(value)}`);
  return value.map((item) => parse(item));
}

export function textOf(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value === "string") return value;
  throw new TypeError(`expected text in "${key}", got ${JSON.stringify(value)}`);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
