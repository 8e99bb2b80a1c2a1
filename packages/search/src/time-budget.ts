/** How long one search may go on trying. */

/** @param share of the budget, 0 to 1 */
export type HasTime = (share?: number) => boolean;

/**
 * Counts what this thread has worked, where that is less than what the clock says: on a busy machine
 * a search that waited for a processor must not lose its corrections. The processor's count is coarse
 * (4 ms on Linux), so the clock is asked first.
 */
export function startTimeBudget(budgetMs: number): HasTime {
  const startedAtMs = performance.now();
  const workedBefore = process.threadCpuUsage();
  return (share = 1) => {
    const allowedMs = share * budgetMs;
    if (performance.now() - startedAtMs < allowedMs) return true;
    const { user, system } = process.threadCpuUsage(workedBefore);
    return (user + system) / 1000 < allowedMs;
  };
}
