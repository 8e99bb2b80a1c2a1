/** Changes of everybody's counts, summed in memory before they are written. */
import {
  BUCKETS_PER_DAY,
  bucketOf,
  dayOfBucket,
  firstDayOfMonth,
  monthOfDay,
} from "@segue/statistics/live";
import type { ReadConnection, WriteTransaction } from "../sql/database.ts";
import { inParts, inPartsByBytes } from "../sql/in-parts.ts";
import type { ListeningTallyTable } from "../sql/tables.ts";
import { type CountChange, mergeTally } from "./tally.ts";

/** What is counted by number: songs, listeners, and sessions by their length in seconds. */
export type Counted = "song" | "listener" | "session";
export type TallyKind = `${Counted}-${"day" | "month" | "year"}` | "time";

/** Cells of a day are a number and the quarter of an hour in which the play starts. */
export const CELLS_PER_NUMBER = 128;

const TALLIES_AT_ONCE = 64;

export class TallyChanges {
  readonly #changes = new Map<TallyKind, Map<number, Map<number, CountChange>>>();

  count(counted: Counted, number: number, timeMs: number, plays: number, heardMs: number): void {
    const bucket = bucketOf(timeMs);
    const day = dayOfBucket(bucket);
    const month = monthOfDay(day);
    const quarter = bucket - day * BUCKETS_PER_DAY;
    const dayCell = number * CELLS_PER_NUMBER + quarter;
    this.#add(`${counted}-day`, day, dayCell, plays, heardMs);
    this.#add(`${counted}-month`, month, number, plays, heardMs);
    this.#add(`${counted}-year`, Math.floor(month / 12), number, plays, heardMs);
  }

  countTime(timeMs: number, plays: number, heardMs: number): void {
    const bucket = bucketOf(timeMs);
    const month = monthOfDay(dayOfBucket(bucket));
    const cell = bucket - firstDayOfMonth(month) * BUCKETS_PER_DAY;
    this.#add("time", month, cell, plays, heardMs);
  }

  async write(transaction: WriteTransaction): Promise<void> {
    for (const [kind, periods] of this.#changes) {
      for (const part of inParts([...periods.keys()], TALLIES_AT_ONCE)) {
        const stored = await readTallies(transaction, kind, part);
        await transaction
          .deleteFrom("listening_tallies")
          .where("kind", "=", kind)
          .where("period", "in", part)
          .execute();
        const rows = part.flatMap((period): ListeningTallyTable[] => {
          const content = mergeTally(stored.get(period), periods.get(period) ?? new Map());
          return content === undefined ? [] : [{ kind, period, content }];
        });
        for (const some of inPartsByBytes(rows, ({ content }) => content.length)) {
          await transaction.insertInto("listening_tallies").values(some).execute();
        }
      }
    }
  }

  #add(kind: TallyKind, period: number, cell: number, plays: number, heardMs: number): void {
    const cells = this.#cellsOf(kind, period);
    const change = cells.get(cell);
    if (change === undefined) {
      cells.set(cell, { plays, heardMs });
      return;
    }
    change.plays += plays;
    change.heardMs += heardMs;
  }

  #cellsOf(kind: TallyKind, period: number): Map<number, CountChange> {
    const periods = this.#changes.get(kind) ?? new Map<number, Map<number, CountChange>>();
    this.#changes.set(kind, periods);
    const cells = periods.get(period) ?? new Map<number, CountChange>();
    periods.set(period, cells);
    return cells;
  }
}

export async function readTallies(
  connection: ReadConnection,
  kind: TallyKind,
  periods: readonly number[],
): Promise<ReadonlyMap<number, Uint8Array>> {
  if (periods.length === 0) return new Map();
  const rows = await connection
    .selectFrom("listening_tallies")
    .select(["period", "content"])
    .where("kind", "=", kind)
    .where("period", "in", periods)
    .execute();
  return new Map(rows.map(({ period, content }) => [period, content]));
}
