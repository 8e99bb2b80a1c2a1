import type { ReadConnection } from "../sql/database.ts";
import type { StoredSession } from "./listening-session.ts";
import { type SessionPlay, splitSessions } from "./session-split.ts";

const PAGE_SIZE = 2_000;

interface OrderedPlay extends SessionPlay {
  readonly sequence: number;
}

/** Sessions of all plays whose song is known, by start. */
export async function sessionsOfPlays(
  connection: ReadConnection,
): Promise<readonly StoredSession[]> {
  const sessions: StoredSession[] = [];
  for (const [user, plays] of await playsByUser(connection)) {
    plays.sort(byTime);
    for (const { session, startedAtMs, songIds } of splitSessions(plays)) {
      const id = session ?? `${user}@${startedAtMs}`;
      sessions.push({ id, user, startedAtMs, songIds, source: "plays" });
    }
  }
  // Stable: sessions that start together keep the order in which their users first came.
  return sessions.sort((left, right) => left.startedAtMs - right.startedAtMs);
}

async function playsByUser(connection: ReadConnection): Promise<Map<string, OrderedPlay[]>> {
  const byUser = new Map<string, OrderedPlay[]>();
  for (let sequence = 0; ; ) {
    const rows = await connection
      .selectFrom("plays")
      .select(["sequence", "user_name", "song_id", "played_at", "session_name"])
      .where("sequence", ">", sequence)
      .orderBy("sequence")
      .limit(PAGE_SIZE)
      .execute();
    const lastRow = rows.at(-1);
    if (lastRow === undefined) return byUser;
    for (const row of rows) {
      if (row.song_id === null) continue;
      const plays = byUser.get(row.user_name) ?? [];
      byUser.set(row.user_name, plays);
      plays.push({
        sequence: row.sequence,
        songId: row.song_id,
        playedAtMs: row.played_at,
        session: row.session_name,
      });
    }
    sequence = lastRow.sequence;
  }
}

function byTime(left: OrderedPlay, right: OrderedPlay): number {
  return left.playedAtMs - right.playedAtMs || left.sequence - right.sequence;
}
