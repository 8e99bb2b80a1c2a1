/** Numbers that rise when figures changed, by whichever process, and what the catalogue says of songs. */
import { readCounter } from "../sql/counter.ts";
import type { ReadConnection } from "../sql/database.ts";

/** Of everybody's figures, also those that are not settled yet. */
export async function readPlayRevision(connection: ReadConnection): Promise<number> {
  const { value } = await connection
    .selectFrom("counters")
    .select(({ fn }) => fn.sum<number>("value").as("value"))
    .where("name", "in", ["listening_notes", "song_facts"])
    .executeTakeFirstOrThrow();
  return Number(value);
}

/** Of one user's settled figures; 0: there are none. */
export async function readListenerRevision(
  connection: ReadConnection,
  user: string,
): Promise<number> {
  const listener = await connection
    .selectFrom("listeners")
    .select("revision")
    .where("user_name", "=", user)
    .executeTakeFirst();
  if (listener === undefined) return 0;
  return listener.revision + (await readCounter(connection, "song_facts"));
}
