/** What of a period's listening was of one artist or genre, or at certain quarters of an hour. */
import {
  BUCKETS_PER_DAY,
  type BucketRange,
  bucketOf,
  type Counts,
  dayOfBucket,
  type TimeCount,
} from "@segue/statistics/live";
import type { ReadConnection } from "../sql/database.ts";
import { NumberCounts } from "./number-counts.ts";
import { partsOfPeriod } from "./period-parts.ts";
import {
  knownRange,
  type ListeningQuestion,
  readCounts,
  readJournalsWithin,
  readTimes,
} from "./read-listening.ts";
import type { SongFacts, SongFigures, SongTraits } from "./song-facts.ts";
import { TallyCursor } from "./tally.ts";
import { CELLS_PER_NUMBER, readTallies } from "./tally-changes.ts";
import { Turn } from "./turn.ts";

export interface ListeningPart extends SongTraits {
  /** By the bucket in which a play starts; undefined: all of the period. */
  readonly includes?: (bucket: number) => boolean;
}

export interface PartListening extends Counts, SongFigures {
  /**
   * Those with plays, in order. Null for an artist or a genre of everybody where the period holds
   * more plays than can be looked at in time.
   */
  readonly times: readonly TimeCount[] | null;
}

/** Only days tell which song was played when, and a million plays of them take some 50 ms. */
const LOOKED_AT_MAX = 1_000_000;
const DAYS_AT_ONCE = 64;

interface PartCounts extends Pick<PartListening, "times"> {
  /** By number. */
  readonly songs: NumberCounts;
}

interface Wanted {
  readonly isSong: (number: number) => boolean;
  /** Undefined: all of the period. */
  readonly isTime: ((bucket: number) => boolean) | undefined;
}

export async function readPart(
  connection: ReadConnection,
  { user, range, limit }: ListeningQuestion,
  part: ListeningPart,
  facts: SongFacts,
  lookedAtMax = LOOKED_AT_MAX,
): Promise<PartListening> {
  await facts.catchUp(connection);
  const wanted = { isSong: facts.matcher(part), isTime: part.includes };
  const { songs, times } =
    user === undefined
      ? await countEverybody(connection, range, part, { ...wanted, lookedAtMax })
      : await countUser(connection, user, range, wanted);
  let plays = 0;
  let heardMs = 0;
  for (const number of songs.numbers()) {
    plays += songs.playsOf(number);
    heardMs += songs.heardMsOf(number);
  }
  return { plays, heardMs, times, ...facts.describe(songs, limit) };
}

async function countUser(
  connection: ReadConnection,
  user: string,
  range: BucketRange,
  { isSong, isTime }: Wanted,
): Promise<PartCounts> {
  const songs = new NumberCounts();
  const times: { bucket: number; plays: number; heardMs: number }[] = [];
  for (const { playedAtMs, song, heardMs } of await readJournalsWithin(connection, user, range)) {
    const bucket = bucketOf(playedAtMs);
    if (isTime?.(bucket) === false || !isSong(song)) continue;
    songs.add(song, 1, heardMs);
    const last = times.at(-1);
    if (last?.bucket === bucket) {
      last.plays += 1;
      last.heardMs += heardMs;
    } else times.push({ bucket, plays: 1, heardMs });
  }
  return { songs, times };
}

/**
 * Months and years tell songs without their hours, and times are told without their songs: days are
 * looked at where both are asked for.
 */
async function countEverybody(
  connection: ReadConnection,
  range: BucketRange,
  { artist, genre, includes }: ListeningPart,
  wanted: Wanted & { readonly lookedAtMax: number },
): Promise<PartCounts> {
  const known = await knownRange(connection, range);
  const all = await readTimes(connection, known);
  const looked = all.reduce((sum, { plays }) => sum + plays, 0);
  const isAnySong = artist === undefined && genre === undefined;
  if (includes !== undefined || (!isAnySong && looked <= wanted.lookedAtMax)) {
    return countDays(connection, known, wanted);
  }
  const songs = await readCounts(connection, "song", partsOfPeriod(known));
  return isAnySong ? { songs, times: all } : { songs: narrowed(songs, wanted), times: null };
}

function narrowed(songs: NumberCounts, { isSong }: Wanted): NumberCounts {
  const some = new NumberCounts();
  for (const number of songs.numbers()) {
    if (isSong(number)) some.add(number, songs.playsOf(number), songs.heardMsOf(number));
  }
  return some;
}

async function countDays(
  connection: ReadConnection,
  range: BucketRange,
  wanted: Wanted,
): Promise<PartCounts> {
  const songs = new NumberCounts();
  const times: TimeCount[] = [];
  const turn = new Turn();
  const { fromBucket, toBucket } = range;
  const lastDay = dayOfBucket(toBucket - 1);
  for (let first = dayOfBucket(fromBucket); first <= lastDay; first += DAYS_AT_ONCE) {
    const length = Math.min(DAYS_AT_ONCE, lastDay + 1 - first);
    const days = Array.from({ length }, (_, index) => first + index);
    const tallies = await readTallies(connection, "song-day", days);
    for (const day of days) {
      const content = tallies.get(day);
      const quarters = quartersOf(day, range, wanted.isTime);
      if (content === undefined || !quarters.includes(true)) continue;
      const { plays, heardMs } = countDay(songs, content, quarters, wanted.isSong);
      for (const [quarter, count] of plays.entries()) {
        if (count === 0) continue;
        const bucket = day * BUCKETS_PER_DAY + quarter;
        times.push({ bucket, plays: count, heardMs: heardMs[quarter] ?? 0 });
      }
      await turn.giveWay();
    }
  }
  return { songs, times };
}

const WHOLE_DAY: readonly boolean[] = new Array<boolean>(BUCKETS_PER_DAY).fill(true);

/** Which quarters of an hour of the day are asked for. */
function quartersOf(
  day: number,
  { fromBucket, toBucket }: BucketRange,
  isTime: Wanted["isTime"],
): readonly boolean[] {
  const start = day * BUCKETS_PER_DAY;
  const isWithin = start >= fromBucket && start + BUCKETS_PER_DAY <= toBucket;
  if (isWithin && isTime === undefined) return WHOLE_DAY;
  return WHOLE_DAY.map((_, quarter) => {
    const bucket = start + quarter;
    return bucket >= fromBucket && bucket < toBucket && isTime?.(bucket) !== false;
  });
}

interface DaySums {
  /** By quarter of an hour. */
  readonly plays: Float64Array;
  readonly heardMs: Float64Array;
}

function countDay(
  songs: NumberCounts,
  content: Uint8Array,
  quarters: readonly boolean[],
  isSong: Wanted["isSong"],
): DaySums {
  const sums = {
    plays: new Float64Array(BUCKETS_PER_DAY),
    heardMs: new Float64Array(BUCKETS_PER_DAY),
  };
  for (const cursor = new TallyCursor(content); cursor.next(); ) {
    const number = Math.floor(cursor.cell / CELLS_PER_NUMBER);
    const quarter = cursor.cell - number * CELLS_PER_NUMBER;
    if (quarters[quarter] !== true || !isSong(number)) continue;
    songs.add(number, cursor.plays, cursor.heardMs);
    sums.plays[quarter] = (sums.plays[quarter] ?? 0) + cursor.plays;
    sums.heardMs[quarter] = (sums.heardMs[quarter] ?? 0) + cursor.heardMs;
  }
  return sums;
}
