import { notePlays } from "../songs/popularity.ts";
import { reserveNumbers } from "../sql/counter.ts";
import type { Database, ReadConnection, WriteTransaction } from "../sql/database.ts";
import { inParts, inPartsByBytes } from "../sql/in-parts.ts";
import type { SessionTable } from "../sql/tables.ts";
import type { UpsertOutcome } from "../sql/upsert-outcome.ts";
import type { ListeningSession, SessionSource, StoredSession } from "./listening-session.ts";
import { sessionsOfPlays } from "./sessions-of-plays.ts";

export interface AppendSessionsOptions {
  readonly source: SessionSource;
  /** Whether each song heard counts as a play for popularity. */
  readonly countsTowardsPopularity: boolean;
}

export interface SessionRepository {
  /** Stores all or none, and tells for each session, in order, what became of it. Ids are unique. */
  appendSessions(
    sessions: readonly ListeningSession[],
    options: AppendSessionsOptions,
  ): Promise<readonly UpsertOutcome[]>;
  /**
   * Stored sessions and those derived from plays, by start, then in the order stored; what
   * `segue train` reads. The derived ones (two numbers and an id per play) are held in memory.
   */
  iterateSessions(options?: { batchSize?: number }): AsyncGenerator<StoredSession[]>;
  /** Number of stored sessions, by source. */
  sessionCounts(): Promise<Readonly<Record<SessionSource, number>>>;
}

const BATCH_SIZE_DEFAULT = 500;

export function createSessionRepository(database: Database): SessionRepository {
  const { read } = database;
  return {
    appendSessions: (sessions, options) =>
      sessions.length === 0
        ? Promise.resolve([])
        : database.write((transaction) => appendSessions(transaction, sessions, options)),
    iterateSessions: (options) => iterateSessions(read, options?.batchSize ?? BATCH_SIZE_DEFAULT),
    async sessionCounts() {
      const rows = await read
        .selectFrom("sessions")
        .select((expression) => ["source", expression.fn.countAll<number>().as("count")])
        .groupBy("source")
        .execute();
      const counts = { imported: 0, simulated: 0 };
      for (const row of rows) counts[row.source] = Number(row.count);
      return counts;
    },
  };
}

/** Removes so many of the user's sessions and takes their counts back. Returns how many it removed. */
export async function deleteSessionsOf(
  transaction: WriteTransaction,
  user: string,
  limit: number,
): Promise<number> {
  const rows = await transaction
    .selectFrom("sessions")
    .selectAll()
    .where("user_name", "=", user)
    .limit(limit)
    .execute();
  for (const part of inParts(rows.map(({ id }) => id))) {
    await transaction.deleteFrom("sessions").where("id", "in", part).execute();
  }
  const deltas = new Map<string, number>();
  for (const row of rows) count(deltas, row, -1);
  await notePlays(transaction, deltas);
  return rows.length;
}

async function appendSessions(
  transaction: WriteTransaction,
  sessions: readonly ListeningSession[],
  options: AppendSessionsOptions,
): Promise<readonly UpsertOutcome[]> {
  const firstSequence = await reserveNumbers(transaction, "sessions", sessions.length);
  const stored = await rowsByIds(
    transaction,
    sessions.map((session) => session.id),
  );
  const changed = new Map<string, SessionTable>();
  const replaced = new Set<string>();
  const deltas = new Map<string, number>();
  const outcomes = sessions.map((session, index): UpsertOutcome => {
    const before = changed.get(session.id) ?? stored.get(session.id);
    const after = toRow(session, options, before?.sequence ?? firstSequence + index);
    if (before !== undefined && hasSameContent(before, after)) return "unchanged";
    changed.set(session.id, after);
    if (stored.has(session.id)) replaced.add(session.id);
    if (before !== undefined) count(deltas, before, -1);
    count(deltas, after, 1);
    return before === undefined ? "inserted" : "updated";
  });
  for (const part of inParts([...replaced])) {
    await transaction.deleteFrom("sessions").where("id", "in", part).execute();
  }
  for (const part of inPartsByBytes([...changed.values()], (row) => row.song_ids.length)) {
    await transaction.insertInto("sessions").values(part).execute();
  }
  await notePlays(transaction, deltas);
  return outcomes;
}

async function rowsByIds(
  transaction: WriteTransaction,
  ids: readonly string[],
): Promise<Map<string, SessionTable>> {
  const rows = new Map<string, SessionTable>();
  for (const part of inParts([...new Set(ids)])) {
    const found = await transaction
      .selectFrom("sessions")
      .selectAll()
      .where("id", "in", part)
      .execute();
    for (const row of found) rows.set(row.id, row);
  }
  return rows;
}

async function* iterateSessions(
  connection: ReadConnection,
  batchSize: number,
): AsyncGenerator<StoredSession[]> {
  const derived = await sessionsOfPlays(connection);
  let next = 0;
  for await (const page of storedSessions(connection, batchSize)) {
    const batch: StoredSession[] = [];
    for (const session of page) {
      for (; next < derived.length; next += 1) {
        const candidate = derived[next];
        if (candidate === undefined || candidate.startedAtMs >= session.startedAtMs) break;
        batch.push(candidate);
      }
      batch.push(session);
    }
    yield* inParts(batch, batchSize);
  }
  yield* inParts(derived.slice(next), batchSize);
}

async function* storedSessions(
  connection: ReadConnection,
  batchSize: number,
): AsyncGenerator<StoredSession[]> {
  for (let startedAt = Number.MIN_SAFE_INTEGER, sequence = 0; ; ) {
    const rows = await connection
      .selectFrom("sessions")
      .selectAll()
      .where("started_at", ">=", startedAt)
      .where((expression) => expression("started_at", ">", startedAt).or("sequence", ">", sequence))
      .orderBy("started_at")
      .orderBy("sequence")
      .limit(batchSize)
      .execute();
    const lastRow = rows.at(-1);
    if (lastRow === undefined) return;
    yield rows.map(toSession);
    startedAt = lastRow.started_at;
    sequence = lastRow.sequence;
  }
}

function count(deltas: Map<string, number>, row: SessionTable, change: number): void {
  if (row.is_counted === 0) return;
  for (const id of songIdsOf(row)) deltas.set(id, (deltas.get(id) ?? 0) + change);
}

function hasSameContent(before: SessionTable, after: SessionTable): boolean {
  const names = Object.keys(after) as (keyof SessionTable)[];
  return names.every((name) => before[name] === after[name]);
}

function toRow(
  session: ListeningSession,
  options: AppendSessionsOptions,
  sequence: number,
): SessionTable {
  return {
    sequence,
    id: session.id,
    user_name: session.user,
    started_at: session.startedAtMs,
    song_ids: JSON.stringify(session.songIds),
    source: options.source,
    is_counted: options.countsTowardsPopularity ? 1 : 0,
  };
}

function toSession(row: SessionTable): StoredSession {
  return {
    id: row.id,
    user: row.user_name,
    startedAtMs: row.started_at,
    songIds: songIdsOf(row),
    source: row.source,
  };
}

function songIdsOf(row: SessionTable): string[] {
  return JSON.parse(row.song_ids) as string[];
}
