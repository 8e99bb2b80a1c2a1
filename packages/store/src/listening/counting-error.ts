/** Figures of plays that are still being counted are no figures. */
import { AppError } from "@segue/errors";
import type { ReadConnection } from "../sql/database.ts";
import { fillingRange } from "./filling-range.ts";

/** Throws the same where stored plays are not counted yet. */
export async function assertCounted(connection: ReadConnection): Promise<void> {
  const { done, end } = await fillingRange(connection);
  if (done < end) throw await countingError(connection);
}

export async function countingError(connection: ReadConnection): Promise<AppError> {
  const plays = await pendingPlays(connection);
  return new AppError(
    "STORE_UNAVAILABLE",
    `Statistics are still being made from the stored plays: ${plays} are to be counted; try again in a moment.`,
    { details: { reason: "counting", plays } },
  );
}

/** Plays whose counting is still to come. */
async function pendingPlays(connection: ReadConnection): Promise<number> {
  const { done, end } = await fillingRange(connection);
  const row = await connection
    .selectFrom("listening_notes")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(row.count) + Math.max(0, end - done);
}
