import type { ReadConnection } from "../sql/database.ts";
import { prefixEnd } from "../sql/prefix-end.ts";
import { isCounted } from "./is-counted.ts";

/** A user with plays. */
export interface Listener {
  readonly user: string;
  readonly plays: number;
  readonly heardMs: number;
  readonly firstPlayAtMs: number;
  readonly lastPlayAtMs: number;
}

export interface ListenersQuestion {
  /** Of the name. */
  readonly prefix?: string;
  readonly limit: number;
}

/**
 * Most plays first, ties by name. The index has names of equally many plays the other way round, and
 * sorting hundreds of thousands of such ties would take a second: those with as many plays as the last
 * one that is listed are read apart.
 */
export async function readListeners(
  connection: ReadConnection,
  { prefix = "", limit }: ListenersQuestion,
): Promise<readonly Listener[]> {
  const end = prefixEnd(prefix);
  const named = () =>
    connection
      .selectFrom("listeners")
      .where("user_name", ">=", prefix)
      .$if(end !== undefined, (query) => query.where("user_name", "<", end ?? ""));
  const described = () =>
    named().select(({ selectFrom }) => {
      const edge = (direction: "asc" | "desc") =>
        selectFrom("plays")
          .select("played_at")
          .whereRef("plays.user_name", "=", "listeners.user_name")
          .where(isCounted)
          .orderBy("played_at", direction)
          .limit(1);
      return [
        "user_name",
        "listeners.plays",
        "heard_ms",
        edge("asc").as("first_play"),
        edge("desc").as("last_play"),
      ];
    });
  const last = await named()
    .select("plays")
    .orderBy("plays", "desc")
    .limit(1)
    .offset(limit - 1)
    .executeTakeFirst();
  const above = await described()
    .where("listeners.plays", ">", last?.plays ?? 0)
    .orderBy("listeners.plays", "desc")
    .orderBy("user_name")
    .execute();
  const level = await described()
    .where("listeners.plays", "=", last?.plays ?? 0)
    .orderBy("user_name")
    .limit(limit - above.length)
    .execute();
  const rows = [...above, ...level];
  return rows.map(({ user_name, plays, heard_ms, first_play, last_play }) => ({
    user: user_name,
    plays,
    heardMs: heard_ms,
    firstPlayAtMs: first_play ?? 0,
    lastPlayAtMs: last_play ?? 0,
  }));
}

export async function countListeners(connection: ReadConnection): Promise<number> {
  const row = await connection
    .selectFrom("listeners")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
