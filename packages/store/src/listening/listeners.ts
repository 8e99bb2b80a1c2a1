/** Users who played something, with their sums. */
import { reserveNumbers } from "../sql/counter.ts";
import type { WriteTransaction } from "../sql/database.ts";
import { inParts } from "../sql/in-parts.ts";
import type { ListenerTable } from "../sql/tables.ts";
import type { CountChange } from "./tally.ts";

/** Rows by name; users heard of for the first time get the next numbers, and are not stored yet. */
export async function numberListeners(
  transaction: WriteTransaction,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, ListenerTable>> {
  const listeners = new Map<string, ListenerTable>();
  const asked = [...new Set(names)];
  for (const part of inParts(asked)) {
    const rows = await transaction
      .selectFrom("listeners")
      .selectAll()
      .where("user_name", "in", part)
      .execute();
    for (const row of rows) listeners.set(row.user_name, row);
  }
  const fresh = asked.filter((name) => !listeners.has(name));
  if (fresh.length === 0) return listeners;
  const first = await reserveNumbers(transaction, "listeners", fresh.length);
  for (const [index, user_name] of fresh.entries()) {
    const number = first + index;
    listeners.set(user_name, { number, user_name, plays: 0, heard_ms: 0, revision: 0 });
  }
  return listeners;
}

/** Stores the rows with the changes in them, by number; who has no play left is forgotten. */
export async function changeListeners(
  transaction: WriteTransaction,
  listeners: Iterable<ListenerTable>,
  changes: ReadonlyMap<number, CountChange>,
  revision: number,
): Promise<void> {
  const rows: ListenerTable[] = [];
  for (const { number, user_name, plays, heard_ms } of listeners) {
    const change = changes.get(number);
    const row = {
      number,
      user_name,
      plays: plays + (change?.plays ?? 0),
      heard_ms: heard_ms + (change?.heardMs ?? 0),
      revision,
    };
    rows.push(row);
  }
  for (const part of inParts(rows)) {
    const numbers = part.map(({ number }) => number);
    await transaction.deleteFrom("listeners").where("number", "in", numbers).execute();
    const kept = part.filter(({ plays }) => plays > 0);
    if (kept.length > 0) await transaction.insertInto("listeners").values(kept).execute();
  }
}
