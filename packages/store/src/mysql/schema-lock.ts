import { createHash } from "node:crypto";
import { AppError } from "@segue/errors";
import type { MysqlAddress } from "./mysql-address.ts";
import type { MysqlConnection } from "./mysql-connection.ts";

const WAIT_SECONDS = 60;
const ANSWER_MS_MAX = (WAIT_SECONDS + 5) * 1_000;

/**
 * Waits until no other process changes the schema of this database. The lock is the connection's:
 * it ends with it, also when the process is killed.
 */
export async function takeSchemaLock(
  connection: MysqlConnection,
  { database, label }: MysqlAddress,
): Promise<void> {
  // Lock names are the server's, not the database's, and have up to 64 characters.
  const digest = createHash("sha256").update(database).digest("hex").slice(0, 32);
  const { rows } = await connection.run<{ isHeld: number | null }>(
    `select get_lock('segue-schema-${digest}', ${WAIT_SECONDS}) as isHeld`,
    ANSWER_MS_MAX,
  );
  if (rows[0]?.isHeld === 1) return;
  throw new AppError(
    "STORE_UNAVAILABLE",
    `Another process has been changing the schema of the database ${label} for ${WAIT_SECONDS} s; wait for it to end, or end it if it hangs (see "show processlist"), and start again.`,
    { details: { reason: "locked" } },
  );
}
