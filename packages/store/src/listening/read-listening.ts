/** Figures of a period from settled aggregates. */
import {
  BUCKET_MS,
  BUCKETS_PER_DAY,
  type BucketRange,
  bucketOf,
  COUNTING_RULES,
  compareNames,
  dayOfBucket,
  firstDayOfMonth,
  firstTimeOfMonth,
  type Listening,
  monthOfDay,
  type NameCount,
  type SongCount,
  sessionSpansOf,
  type TimeCount,
} from "@segue/statistics/live";
import type { ReadConnection } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";
import { isCounted } from "./is-counted.ts";
import { decodeJournal, type JournalEntry } from "./journal.ts";
import { NumberCounts, SparseCounts } from "./number-counts.ts";
import { type PeriodPart, partsOfPeriod } from "./period-parts.ts";
import type { SongFacts } from "./song-facts.ts";
import { TallyCursor } from "./tally.ts";
import { type Counted, readTallies, type TallyKind } from "./tally-changes.ts";
import { Turn } from "./turn.ts";

export interface ListeningQuestion {
  /** Undefined: everybody. */
  readonly user?: string;
  readonly range: BucketRange;
  /** Entries of each top list. */
  readonly limit: number;
}

export async function readEverybody(
  connection: ReadConnection,
  { range, limit }: ListeningQuestion,
  facts: SongFacts,
): Promise<Listening> {
  const known = await knownRange(connection, range);
  const parts = partsOfPeriod(known);
  const songs = await readCounts(connection, "song", parts);
  const listeners = await readCounts(connection, "listener", parts);
  const sessions = new SparseCounts();
  await addCounts(connection, "session", parts, sessions);
  const times = await readTimes(connection, known);
  await facts.catchUp(connection);
  const sessionLengths = [...sessions.entries()];
  return {
    ...sumOf(times),
    times,
    ...facts.describe(songs, limit),
    listenerCount: [...listeners.numbers()].length,
    topListeners: await topListeners(connection, listeners, limit),
    sessions: {
      count: sessionLengths.reduce((sum, [, count]) => sum + count, 0),
      totalSeconds: sessionLengths.reduce((sum, [seconds, count]) => sum + seconds * count, 0),
      longestSeconds: sessionLengths.reduce((longest, [seconds]) => Math.max(longest, seconds), 0),
    },
    firstPlayAtMs: await edgePlay(connection, times[0], "asc"),
    lastPlayAtMs: await edgePlay(connection, times.at(-1), "desc"),
  };
}

export async function readUser(
  connection: ReadConnection,
  user: string,
  { range, limit }: ListeningQuestion,
  facts: SongFacts,
): Promise<Listening> {
  const entries = await readJournals(connection, user, range);
  await facts.catchUp(connection);
  const fromMs = range.fromBucket * BUCKET_MS;
  const toMs = range.toBucket * BUCKET_MS;
  const songs = new NumberCounts();
  const times: { bucket: number; plays: number; heardMs: number }[] = [];
  let firstPlayAtMs: number | null = null;
  let lastPlayAtMs: number | null = null;
  for (const { playedAtMs, song, heardMs } of entries) {
    if (playedAtMs < fromMs || playedAtMs >= toMs) continue;
    songs.add(song, 1, heardMs);
    const bucket = bucketOf(playedAtMs);
    const last = times.at(-1);
    if (last?.bucket === bucket) {
      last.plays += 1;
      last.heardMs += heardMs;
    } else times.push({ bucket, plays: 1, heardMs });
    firstPlayAtMs ??= playedAtMs;
    lastPlayAtMs = playedAtMs;
  }
  const spans = sessionSpansOf(entries).filter(
    ({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs,
  );
  return {
    ...sumOf(times),
    times,
    ...facts.describe(songs, limit),
    listenerCount: times.length === 0 ? 0 : 1,
    topListeners: [],
    sessions: {
      count: spans.length,
      totalSeconds: spans.reduce((sum, { seconds }) => sum + seconds, 0),
      longestSeconds: spans.reduce((longest, { seconds }) => Math.max(longest, seconds), 0),
    },
    firstPlayAtMs,
    lastPlayAtMs,
  };
}

export async function readFirstSong(
  connection: ReadConnection,
  user: string,
  range: BucketRange,
  facts: SongFacts,
): Promise<SongCount | undefined> {
  const entries = await readJournalsWithin(connection, user, range);
  const [first] = entries;
  if (first === undefined) return undefined;
  await facts.catchUp(connection);
  const counts = new NumberCounts();
  for (const { song, heardMs } of entries) if (song === first.song) counts.add(song, 1, heardMs);
  return facts.describe(counts, 1).topSongs[0];
}

/** The songs' counts alone. */
export async function readSongCounts(
  connection: ReadConnection,
  range: BucketRange,
): Promise<NumberCounts> {
  return readCounts(connection, "song", partsOfPeriod(await knownRange(connection, range)));
}

/** The range without the years that lie outside of all plays, however long it is. */
export async function knownRange(
  connection: ReadConnection,
  range: BucketRange,
): Promise<BucketRange> {
  const edge = async (direction: "asc" | "desc") => {
    const row = await connection
      .selectFrom("listening_tallies")
      .select("period")
      .where("kind", "=", "time" satisfies TallyKind)
      .orderBy("period", direction)
      .limit(1)
      .executeTakeFirst();
    return row?.period;
  };
  const first = await edge("asc");
  const last = await edge("desc");
  if (first === undefined || last === undefined) return { fromBucket: 0, toBucket: 0 };
  return {
    fromBucket: Math.max(range.fromBucket, firstBucketOfYear(Math.floor(first / 12))),
    toBucket: Math.min(range.toBucket, firstBucketOfYear(Math.floor(last / 12) + 1)),
  };
}

export async function readCounts(
  connection: ReadConnection,
  counted: Counted,
  parts: readonly PeriodPart[],
): Promise<NumberCounts> {
  const counts = new NumberCounts();
  await addCounts(connection, counted, parts, counts);
  return counts;
}

async function addCounts(
  connection: ReadConnection,
  counted: Counted,
  parts: readonly PeriodPart[],
  counts: NumberCounts | SparseCounts,
): Promise<void> {
  const turn = new Turn();
  for (const [unit, some] of Map.groupBy(parts, (part) => part.unit)) {
    const periods = [...new Set(some.map(({ period }) => period))];
    const tallies = await readTallies(connection, `${counted}-${unit}`, periods);
    for (const part of some) {
      const content = tallies.get(part.period);
      if (content === undefined) continue;
      if (unit === "day") counts.addDayTally(content, part.sign, part);
      else counts.addTally(content, part.sign);
      await turn.giveWay();
    }
  }
}

/** Everybody's, in order. */
export async function readTimes(
  connection: ReadConnection,
  { fromBucket, toBucket }: BucketRange,
): Promise<readonly TimeCount[]> {
  if (fromBucket >= toBucket) return [];
  const rows = await connection
    .selectFrom("listening_tallies")
    .select(["period", "content"])
    .where("kind", "=", "time" satisfies TallyKind)
    .where("period", ">=", monthOfBucket(fromBucket))
    .where("period", "<=", monthOfBucket(toBucket - 1))
    .orderBy("period")
    .execute();
  const times: TimeCount[] = [];
  for (const { period, content } of rows) {
    const first = firstDayOfMonth(period) * BUCKETS_PER_DAY;
    for (const cursor = new TallyCursor(content); cursor.next(); ) {
      const bucket = first + cursor.cell;
      if (bucket < fromBucket || bucket >= toBucket) continue;
      times.push({ bucket, plays: cursor.plays, heardMs: cursor.heardMs });
    }
  }
  return times;
}

/** The user's plays of the period, in order. */
export async function readJournalsWithin(
  connection: ReadConnection,
  user: string,
  range: BucketRange,
): Promise<readonly JournalEntry[]> {
  const fromMs = range.fromBucket * BUCKET_MS;
  const toMs = range.toBucket * BUCKET_MS;
  return (await readJournals(connection, user, range)).filter(
    ({ playedAtMs }) => playedAtMs >= fromMs && playedAtMs < toMs,
  );
}

/** Also what lies so near the period that it may share a session with it. */
async function readJournals(
  connection: ReadConnection,
  user: string,
  { fromBucket, toBucket }: BucketRange,
): Promise<readonly JournalEntry[]> {
  const near = Math.ceil(COUNTING_RULES.sessionPauseMs / BUCKET_MS);
  let from = monthOfBucket(fromBucket - near) - 1;
  let to = monthOfBucket(toBucket + near) + 1;
  const entries: JournalEntry[] = [];
  for (;;) {
    const rows = await connection
      .selectFrom("listening_journals")
      .innerJoin("listeners", "listeners.number", "listening_journals.listener")
      .select(["month", "content"])
      .where("user_name", "=", user)
      .where("month", ">=", from)
      .where("month", "<=", to)
      .orderBy("month")
      .execute();
    for (const { month, content } of rows) {
      for (const entry of decodeJournal(content, month)) entries.push(entry);
    }
    // Who never pauses has a session of months.
    const lastMs = entries.at(-1)?.playedAtMs ?? Number.NEGATIVE_INFINITY;
    const isOpen = lastMs >= firstTimeOfMonth(to + 1) - COUNTING_RULES.sessionPauseMs;
    if (rows.length === 0 || !isOpen) return entries;
    from = to + 1;
    to += 1;
  }
}

function monthOfBucket(bucket: number): number {
  return monthOfDay(dayOfBucket(bucket));
}

function firstBucketOfYear(year: number): number {
  return firstDayOfMonth(year * 12) * BUCKETS_PER_DAY;
}

function sumOf(times: readonly TimeCount[]) {
  let plays = 0;
  let heardMs = 0;
  for (const time of times) {
    plays += time.plays;
    heardMs += time.heardMs;
  }
  return { plays, heardMs };
}

/** The buckets say in which quarter of an hour it was; the plays say when. */
async function edgePlay(
  connection: ReadConnection,
  time: TimeCount | undefined,
  direction: "asc" | "desc",
): Promise<number | null> {
  if (time === undefined) return null;
  const startMs = time.bucket * BUCKET_MS;
  const row = await connection
    .selectFrom("plays")
    .select("played_at")
    .where("played_at", ">=", startMs)
    .where("played_at", "<", startMs + BUCKET_MS)
    .where(isCounted)
    .orderBy("played_at", direction)
    .limit(1)
    .executeTakeFirst();
  return row?.played_at ?? startMs;
}

async function topListeners(
  connection: ReadConnection,
  counts: NumberCounts,
  limit: number,
): Promise<readonly NameCount[]> {
  const leading = counts.leading(limit);
  const rows = [];
  for (const part of inParts(leading)) {
    rows.push(
      ...(await connection
        .selectFrom("listeners")
        .select(["number", "user_name"])
        .where("number", "in", part)
        .execute()),
    );
  }
  return rows
    .map(({ number, user_name }) => ({
      name: user_name,
      plays: counts.playsOf(number),
      heardMs: counts.heardMsOf(number),
    }))
    .sort(compareNames)
    .slice(0, limit);
}
