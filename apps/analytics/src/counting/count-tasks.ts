/**
 * The two kinds of work that threads do. Both are functions of what they are given alone, so a task
 * whose thread died is simply done again.
 */
import { type PairCountColumns, PairCounts, splitPairs } from "@segue/statistics";

/** Map, combine and split one share of the rows. */
export interface CombineTask {
  readonly kind: "combine";
  readonly hasAmounts: boolean;
  readonly partitionCount: number;
  /** Runs of consecutive rows, as they lie in the columns one behind the other. */
  readonly runs: readonly { readonly firstRow: number; readonly rows: number }[];
  readonly lefts: Uint32Array;
  readonly rights: Uint32Array;
  /** Empty without amounts. */
  readonly amounts: Int32Array;
}

/** Reduce what was combined of one partition. */
export interface ReduceTask {
  readonly kind: "reduce";
  readonly hasAmounts: boolean;
  readonly parts: readonly PairCountColumns[];
}

export type CountTask = CombineTask | ReduceTask;

/** Of a combine task: the columns of each partition; of a reduce task: one. */
export function doCountTask(task: CountTask): PairCountColumns[] {
  const counts = new PairCounts({ hasAmounts: task.hasAmounts });
  switch (task.kind) {
    case "combine": {
      let from = 0;
      for (const { firstRow, rows } of task.runs) {
        const to = from + rows;
        const amounts = task.hasAmounts ? task.amounts.subarray(from, to) : undefined;
        counts.add(
          task.lefts.subarray(from, to),
          task.rights.subarray(from, to),
          firstRow,
          amounts,
        );
        from = to;
      }
      return splitPairs(counts.columns(), task.partitionCount);
    }
    case "reduce":
      for (const part of task.parts) counts.merge(part);
      return [counts.columns()];
  }
}

/** What moves to the other thread with the columns instead of being copied. */
export function buffersOf(parts: readonly PairCountColumns[]): ArrayBuffer[] {
  return parts.flatMap(({ lefts, rights, counts, firstRows, amounts }) =>
    [lefts, rights, counts, firstRows, amounts].flatMap(({ buffer }) =>
      buffer instanceof ArrayBuffer ? [buffer] : [],
    ),
  );
}
