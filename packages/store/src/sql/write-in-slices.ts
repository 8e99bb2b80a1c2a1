import type { Database, WriteTransaction } from "./database.ts";

/**
 * Repeats a write that handles so many rows at most and returns their number, until it finds fewer;
 * others write in between. Returns the sum.
 */
export async function writeInSlices(
  database: Database,
  sliceSize: number,
  writeSlice: (transaction: WriteTransaction, sliceSize: number) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (let count = sliceSize; count === sliceSize; sum += count) {
    count = await database.write((transaction) => writeSlice(transaction, sliceSize));
  }
  return sum;
}
