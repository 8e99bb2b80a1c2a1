import { createHash } from "node:crypto";
import { noteListening, type PlayChange } from "../listening/listening-notes.ts";
import { notePlays } from "../songs/popularity.ts";
import { reserveNumbers } from "../sql/counter.ts";
import type { Database, ReadConnection, WriteTransaction } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";
import { shareWrites } from "../sql/share-writes.ts";
import type { PlayTable } from "../sql/tables.ts";
import type { UpsertOutcome } from "../sql/upsert-outcome.ts";
import { removePlays } from "./remove-plays.ts";

/** One listen. `key` is unique per user: the same key with other content is an edit. */
export interface Play {
  readonly user: string;
  readonly key: string;
  /** Null: not in the catalogue; then title and artist say what was heard. */
  readonly songId: string | null;
  readonly title: string | null;
  readonly artist: string | null;
  /** Start of the play, unix milliseconds. */
  readonly playedAtMs: number;
  /** As reported, uncorrected. */
  readonly seconds: number | null;
  /** The session that the source named; null: sessions are split at a pause of 30 minutes. */
  readonly session: string | null;
}

export interface PlayRepository {
  /** Stores all or none, and tells for each play, in order, what became of it. */
  appendPlays(plays: readonly Play[]): Promise<readonly UpsertOutcome[]>;
  /** False: there is no such play. */
  deletePlay(user: string, key: string): Promise<boolean>;
  /**
   * Retention: deletes the plays that began before then, in slices between which others write, and
   * takes their counts back, as if they had never been there. Returns their number.
   */
  deletePlaysBefore(timeMs: number, sliceSize?: number): Promise<number>;
  findPlay(user: string, key: string): Promise<Play | undefined>;
  /** The user's newest plays since then, at most `limit`, oldest first. */
  lastPlays(user: string, sinceMs: number, limit: number): Promise<readonly Play[]>;
  playCount(): Promise<number>;
}

/** `onChange` is called after plays changed. */
export function createPlayRepository(database: Database, onChange: () => void): PlayRepository {
  const { read } = database;
  const append = shareWrites(database, appendPlays);
  return {
    async appendPlays(plays) {
      const outcomes = await append(plays);
      onChange();
      return outcomes;
    },
    async deletePlay(user, key) {
      const isDeleted = await database.write((transaction) =>
        deletePlay(transaction, identityOf(user, key)),
      );
      onChange();
      return isDeleted;
    },
    deletePlaysBefore: (beforeMs, sliceSize) =>
      removePlays(database, { beforeMs }, sliceSize).finally(onChange),
    async findPlay(user, key) {
      const row = (await rowsByIdentity(read, [identityOf(user, key)])).values().next().value;
      return row === undefined ? undefined : toPlay(row);
    },
    async lastPlays(user, sinceMs, limit) {
      const rows = await read
        .selectFrom("plays")
        .selectAll()
        .where("user_name", "=", user)
        .where("played_at", ">=", sinceMs)
        .orderBy("played_at", "desc")
        .orderBy("sequence", "desc")
        .limit(limit)
        .execute();
      return rows.reverse().map(toPlay);
    },
    async playCount() {
      const row = await read
        .selectFrom("plays")
        .select((expression) => expression.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
  };
}

async function appendPlays(
  transaction: WriteTransaction,
  plays: readonly Play[],
): Promise<readonly UpsertOutcome[]> {
  const firstSequence = await reserveNumbers(transaction, "plays", plays.length);
  const identities = plays.map((play) => identityOf(play.user, play.key));
  const stored = await rowsByIdentity(transaction, identities);
  const changed = new Map<string, PlayTable>();
  const replaced = new Set<string>();
  const deltas = new Map<string, number>();
  const changes: PlayChange[] = [];
  const outcomes = plays.map((play, index): UpsertOutcome => {
    const identity = identities[index] ?? "";
    const before = changed.get(identity) ?? stored.get(identity);
    const after = toRow(play, identity, before?.sequence ?? firstSequence + index);
    if (before !== undefined && hasSameContent(before, after)) return "unchanged";
    changed.set(identity, after);
    if (stored.has(identity)) replaced.add(identity);
    changes.push({ before, after });
    count(deltas, before?.song_id ?? null, -1);
    count(deltas, after.song_id, 1);
    return before === undefined ? "inserted" : "updated";
  });
  for (const part of inParts([...replaced])) {
    await transaction.deleteFrom("plays").where("identity", "in", part).execute();
  }
  for (const part of inParts([...changed.values()])) {
    await transaction.insertInto("plays").values(part).execute();
  }
  await notePlays(transaction, deltas);
  await noteListening(transaction, changes);
  return outcomes;
}

async function deletePlay(transaction: WriteTransaction, identity: string): Promise<boolean> {
  const row = (await rowsByIdentity(transaction, [identity])).get(identity);
  if (row === undefined) return false;
  await transaction.deleteFrom("plays").where("identity", "=", identity).execute();
  await noteListening(transaction, [{ before: row, after: undefined }]);
  if (row.song_id !== null) await notePlays(transaction, new Map([[row.song_id, -1]]));
  return true;
}

async function rowsByIdentity(
  connection: ReadConnection,
  identities: readonly string[],
): Promise<Map<string, PlayTable>> {
  const rows = new Map<string, PlayTable>();
  for (const part of inParts([...new Set(identities)])) {
    const found = await connection
      .selectFrom("plays")
      .selectAll()
      .where("identity", "in", part)
      .execute();
    for (const row of found) rows.set(row.identity, row);
  }
  return rows;
}

function count(deltas: Map<string, number>, songId: string | null, change: number): void {
  if (songId !== null) deltas.set(songId, (deltas.get(songId) ?? 0) + change);
}

/** 132 bits of a digest: two plays never share it by chance. */
function identityOf(user: string, key: string): string {
  return createHash("sha256").update(`${user}\0${key}`).digest("base64url").slice(0, 22);
}

function hasSameContent(before: PlayTable, after: PlayTable): boolean {
  const names = Object.keys(after) as (keyof PlayTable)[];
  return names.every((name) => before[name] === after[name]);
}

function toRow(play: Play, identity: string, sequence: number): PlayTable {
  return {
    sequence,
    identity,
    user_name: play.user,
    play_key: play.key,
    song_id: play.songId,
    title: play.title,
    artist: play.artist,
    played_at: play.playedAtMs,
    // A server writes a longer number with digits of its own, and what is taken back must be what was
    // counted.
    seconds: play.seconds === null ? null : Number(play.seconds.toPrecision(15)),
    session_name: play.session,
  };
}

function toPlay(row: PlayTable): Play {
  return {
    user: row.user_name,
    key: row.play_key,
    songId: row.song_id,
    title: row.title,
    artist: row.artist,
    playedAtMs: row.played_at,
    seconds: row.seconds,
    session: row.session_name,
  };
}
