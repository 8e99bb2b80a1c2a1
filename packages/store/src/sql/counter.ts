import type { ReadConnection, WriteTransaction } from "./database.ts";
import type { CounterTable } from "./tables.ts";

/**
 * Reserves `count` numbers and returns the first. The counter's row stays locked until the
 * transaction ends, so numbers become visible in order, also where several processes write.
 */
export async function reserveNumbers(
  transaction: WriteTransaction,
  name: CounterTable["name"],
  count: number,
): Promise<number> {
  await transaction
    .updateTable("counters")
    .set((expression) => ({ value: expression("value", "+", count) }))
    .where("name", "=", name)
    .execute();
  const { value } = await transaction
    .selectFrom("counters")
    .select("value")
    .where("name", "=", name)
    .executeTakeFirstOrThrow();
  return value - count + 1;
}

export async function readCounter(
  connection: ReadConnection,
  name: CounterTable["name"],
): Promise<number> {
  const row = await connection
    .selectFrom("counters")
    .select("value")
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.value ?? 0;
}

export async function setCounter(
  transaction: WriteTransaction,
  name: CounterTable["name"],
  value: number,
): Promise<void> {
  await transaction.updateTable("counters").set({ value }).where("name", "=", name).execute();
}
