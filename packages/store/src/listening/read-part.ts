/** What of a period's listening was of one artist or genre, or at certain quarters of an hour. */
import {
  BUCKETS_PER_DAY,
  type BucketRange,
  bucketOf,
  type Counts,
  dayOfBucket,
} from "@segue/statistics/live";
import type { ReadConnection } from "../sql/database.ts";
import { NumberCounts } from "./number-counts.ts";
import { partsOfPeriod } from "./period-parts.ts";
import {
  knownRange,
  type ListeningQuestion,
  readCounts,
  readJournalsWithin,
} from "./read-listening.ts";
import type { SongFacts, SongFigures, SongTraits } from "./song-facts.ts";
import { TallyCursor } from "./tally.ts";
import { CELLS_PER_NUMBER, readTallies } from "./tally-changes.ts";
import { Turn } from "./turn.ts";

export interface ListeningPart extends SongTraits {
  /** By the bucket in which a play starts; undefined: all of the period. */
  readonly includes?: (bucket: number) => boolean;
}

export interface PartListening extends Counts, SongFigures {}

const DAYS_AT_ONCE = 64;

export async function readPart(
  connection: ReadConnection,
  { user, range, limit }: ListeningQuestion,
  part: ListeningPart,
  facts: SongFacts,
): Promise<PartListening> {
  const { includes } = part;
  const counts =
    user === undefined
      ? await countEverybody(connection, range, includes)
      : await countUser(connection, user, range, includes);
  await facts.catchUp(connection);
  const narrowed = facts.narrow(counts, part);
  let plays = 0;
  let heardMs = 0;
  for (const number of narrowed.numbers()) {
    plays += narrowed.playsOf(number);
    heardMs += narrowed.heardMsOf(number);
  }
  return { plays, heardMs, ...facts.describe(narrowed, limit) };
}

async function countUser(
  connection: ReadConnection,
  user: string,
  range: BucketRange,
  includes: ListeningPart["includes"],
): Promise<NumberCounts> {
  const counts = new NumberCounts();
  for (const { playedAtMs, song, heardMs } of await readJournalsWithin(connection, user, range)) {
    if (includes?.(bucketOf(playedAtMs)) !== false) counts.add(song, 1, heardMs);
  }
  return counts;
}

/** Months and years do not tell hours, so every day is looked at where some are asked for. */
async function countEverybody(
  connection: ReadConnection,
  range: BucketRange,
  includes: ListeningPart["includes"],
): Promise<NumberCounts> {
  const known = await knownRange(connection, range);
  if (includes === undefined) return readCounts(connection, "song", partsOfPeriod(known));
  const counts = new NumberCounts();
  const turn = new Turn();
  const { fromBucket, toBucket } = known;
  const lastDay = dayOfBucket(toBucket - 1);
  for (let first = dayOfBucket(fromBucket); first <= lastDay; first += DAYS_AT_ONCE) {
    const length = Math.min(DAYS_AT_ONCE, lastDay + 1 - first);
    const days = Array.from({ length }, (_, index) => first + index);
    for (const [day, content] of await readTallies(connection, "song-day", days)) {
      const quarters = Array.from({ length: BUCKETS_PER_DAY }, (_, quarter) => {
        const bucket = day * BUCKETS_PER_DAY + quarter;
        return bucket >= fromBucket && bucket < toBucket && includes(bucket);
      });
      addQuarters(counts, content, quarters);
      await turn.giveWay();
    }
  }
  return counts;
}

function addQuarters(
  counts: NumberCounts,
  content: Uint8Array,
  quarters: readonly boolean[],
): void {
  if (!quarters.includes(true)) return;
  for (const cursor = new TallyCursor(content); cursor.next(); ) {
    const number = Math.floor(cursor.cell / CELLS_PER_NUMBER);
    const quarter = cursor.cell - number * CELLS_PER_NUMBER;
    if (quarters[quarter] === true) counts.add(number, cursor.plays, cursor.heardMs);
  }
}
