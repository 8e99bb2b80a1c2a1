import type { ReadConnection } from "../sql/database.ts";

/** Plays after `done` and up to `end` are not counted yet. */
export interface FillingRange {
  readonly done: number;
  readonly end: number;
}

export async function fillingRange(connection: ReadConnection): Promise<FillingRange> {
  const rows = await connection
    .selectFrom("counters")
    .selectAll()
    .where("name", "in", ["listening_fill", "listening_fill_end"])
    .execute();
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  return {
    done: values.get("listening_fill") ?? 0,
    end: values.get("listening_fill_end") ?? 0,
  };
}
