/** Journals of some users in memory, read as needed, changed, and written back together. */

import { AppError } from "@segue/errors";
import { COUNTING_RULES, firstTimeOfMonth, monthOfTime } from "@segue/statistics/live";
import type { ReadConnection, WriteTransaction } from "../sql/database.ts";
import { inParts, inPartsByBytes } from "../sql/in-parts.ts";
import type { ListeningJournalTable } from "../sql/tables.ts";
import { compareEntries, decodeJournal, encodeJournal, type JournalEntry } from "./journal.ts";
import type { NoteToSettle } from "./listening-notes.ts";

/** The months of one user. */
export type Months = Map<number, readonly JournalEntry[]>;

export interface EntryChange extends JournalEntry {
  readonly listener: number;
  readonly plays: number;
  readonly note: NoteToSettle;
}

export class JournalShelf {
  readonly #before = new Map<number, Months>();
  readonly #after = new Map<number, Months>();

  /** Takes the journals in which the changes are, and those that share a session with them. */
  async change(transaction: ReadConnection, changes: readonly EntryChange[]): Promise<void> {
    const needed = new Map<number, Set<number>>();
    for (const { listener, playedAtMs } of changes) need(needed, listener, monthOfTime(playedAtMs));
    await this.#read(transaction, needed);
    for (const [listener, own] of Map.groupBy(changes, ({ listener }) => listener)) {
      const months: Months = new Map(this.#before.get(listener));
      for (const [month, some] of Map.groupBy(own, (each) => monthOfTime(each.playedAtMs))) {
        months.set(month, changedEntries(months.get(month) ?? [], some));
      }
      this.#after.set(listener, months);
    }
    for (let wanted = this.#neighbours(); wanted.size > 0; wanted = this.#neighbours()) {
      await this.#read(transaction, wanted);
      for (const [listener, months] of wanted) {
        for (const month of months) {
          const entries = this.#before.get(listener)?.get(month) ?? [];
          this.#after.get(listener)?.set(month, entries);
        }
      }
    }
  }

  /** Each user's plays in time order, before and after, in all the months that were taken. */
  *changedListeners(): Generator<{
    listener: number;
    before: readonly JournalEntry[];
    after: readonly JournalEntry[];
  }> {
    for (const [listener, after] of this.#after) {
      const before = this.#before.get(listener) ?? new Map<number, readonly JournalEntry[]>();
      yield { listener, before: inOrder(before), after: inOrder(after) };
    }
  }

  async write(transaction: WriteTransaction): Promise<void> {
    const rows: ListeningJournalTable[] = [];
    const goneByMonth = new Map<number, Set<number>>();
    for (const [listener, months] of this.#after) {
      for (const [month, entries] of months) {
        if (this.#before.get(listener)?.get(month) === entries) continue;
        need(goneByMonth, month, listener);
        if (entries.length === 0) continue;
        rows.push({ listener, month, content: encodeJournal(entries, month) });
      }
    }
    for (const [month, listeners] of goneByMonth) {
      for (const part of inParts([...listeners])) {
        await transaction
          .deleteFrom("listening_journals")
          .where("month", "=", month)
          .where("listener", "in", part)
          .execute();
      }
    }
    for (const part of inPartsByBytes(rows, ({ content }) => content.length)) {
      await transaction.insertInto("listening_journals").values(part).execute();
    }
  }

  async #read(connection: ReadConnection, needed: Map<number, Set<number>>): Promise<void> {
    const listenersByMonth = new Map<number, Set<number>>();
    for (const [listener, months] of needed) {
      const taken = this.#before.get(listener) ?? new Map<number, readonly JournalEntry[]>();
      this.#before.set(listener, taken);
      for (const month of months) {
        taken.set(month, []);
        need(listenersByMonth, month, listener);
      }
    }
    for (const [month, listeners] of listenersByMonth) {
      for (const part of inParts([...listeners])) {
        const rows = await connection
          .selectFrom("listening_journals")
          .select(["listener", "content"])
          .where("month", "=", month)
          .where("listener", "in", part)
          .execute();
        for (const { listener, content } of rows) {
          this.#before.get(listener)?.set(month, decodeJournal(content, month));
        }
      }
    }
  }

  /** Months not taken yet that may share a session with one that is. */
  #neighbours(): Map<number, Set<number>> {
    const wanted = new Map<number, Set<number>>();
    const { sessionPauseMs } = COUNTING_RULES;
    for (const [listener, after] of this.#after) {
      const before = this.#before.get(listener);
      for (const [month, entries] of after) {
        const earliestMs = firstTimeOfMonth(month) + sessionPauseMs;
        const latestMs = firstTimeOfMonth(month + 1) - sessionPauseMs;
        const both = [entries, before?.get(month) ?? []];
        const reachesBack = both.some(([first]) => (first?.playedAtMs ?? latestMs) < earliestMs);
        const reachesOn = both.some((each) => (each.at(-1)?.playedAtMs ?? earliestMs) >= latestMs);
        if (reachesBack && !after.has(month - 1)) need(wanted, listener, month - 1);
        if (reachesOn && !after.has(month + 1)) need(wanted, listener, month + 1);
      }
    }
    return wanted;
  }
}

function changedEntries(
  entries: readonly JournalEntry[],
  changes: readonly EntryChange[],
): readonly JournalEntry[] {
  const net = new Map<string, { entry: JournalEntry; plays: number }>();
  for (const { playedAtMs, song, heardMs, plays } of changes) {
    const key = `${playedAtMs} ${song} ${heardMs}`;
    const sum = net.get(key) ?? { entry: { playedAtMs, song, heardMs }, plays: 0 };
    net.set(key, sum);
    sum.plays += plays;
  }
  const sums = [...net.values()];
  const added = sums.flatMap(({ entry, plays }) =>
    Array.from({ length: Math.max(0, plays) }, () => entry),
  );
  const gone = new Map(
    sums.flatMap(({ entry, plays }) => (plays < 0 ? [[keyOf(entry), -plays] as const] : [])),
  );
  const kept = gone.size === 0 ? entries : entries.filter((entry) => !takeOne(gone, keyOf(entry)));
  const uncounted = changes.find((change) => change.plays < 0 && gone.has(keyOf(change)));
  if (uncounted !== undefined) throw uncountedError(uncounted);
  return added.length === 0 ? kept : merged(kept, added.sort(compareEntries));
}

/** Without what was heard: it ends up where operators read. */
function uncountedError({ note, playedAtMs, heardMs }: EntryChange): AppError {
  const origin = note.sequence === undefined ? "a removed play" : `note ${note.sequence}`;
  const time = new Date(playedAtMs);
  const start = Number.isNaN(time.getTime()) ? playedAtMs : time.toISOString();
  return new AppError(
    "INTERNAL",
    `${origin} takes back a play of ${JSON.stringify(note.user_name)} that was never counted (start ${start}, ${heardMs} ms)`,
  );
}

/** Both in order. Most plays come in the order of their times, so little lies behind the first. */
function merged(
  kept: readonly JournalEntry[],
  added: readonly JournalEntry[],
): readonly JournalEntry[] {
  const [first] = added;
  const before = kept.findLastIndex(
    (entry) => first !== undefined && compareEntries(entry, first) <= 0,
  );
  const behind = [...kept.slice(before + 1), ...added].sort(compareEntries);
  return [...kept.slice(0, before + 1), ...behind];
}

function keyOf({ playedAtMs, song, heardMs }: JournalEntry): string {
  return `${playedAtMs} ${song} ${heardMs}`;
}

function takeOne(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key);
  if (count === undefined) return false;
  if (count === 1) counts.delete(key);
  else counts.set(key, count - 1);
  return true;
}

function inOrder(months: Months): JournalEntry[] {
  const numbers = [...months.keys()].sort((left, right) => left - right);
  return numbers.flatMap((month) => months.get(month) ?? []);
}

function need<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}
