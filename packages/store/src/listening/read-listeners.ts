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

/** Most plays first, ties by name. */
export async function readListeners(
  connection: ReadConnection,
  { prefix = "", limit }: ListenersQuestion,
): Promise<readonly Listener[]> {
  const end = prefixEnd(prefix);
  // First and last plays are looked up for those that are listed, and not for all that are sorted.
  const rows = await connection
    .selectFrom((expression) =>
      expression
        .selectFrom("listeners")
        .select(["user_name", "plays", "heard_ms"])
        .where("user_name", ">=", prefix)
        .$if(end !== undefined, (query) => query.where("user_name", "<", end ?? ""))
        .orderBy("plays", "desc")
        .orderBy("user_name")
        .limit(limit)
        .as("listed"),
    )
    .select(({ selectFrom }) => {
      const edge = (direction: "asc" | "desc") =>
        selectFrom("plays")
          .select("played_at")
          .whereRef("plays.user_name", "=", "listed.user_name")
          .where(isCounted)
          .orderBy("played_at", direction)
          .limit(1);
      return [
        "user_name",
        "listed.plays",
        "heard_ms",
        edge("asc").as("first_play"),
        edge("desc").as("last_play"),
      ];
    })
    .orderBy("listed.plays", "desc")
    .orderBy("user_name")
    .execute();
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
