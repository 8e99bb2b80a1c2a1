/** A declared time per task, so that a test of scaling measures the pipeline and not the cores. */
import type { InferencePool } from "@segue/model";

/**
 * Works on one task at a time, and each takes at least `serviceMs` from its start.
 *
 * @param serviceMs 0 leaves the pool as it is
 */
export function withServiceTime(pool: InferencePool, serviceMs: number): InferencePool {
  if (serviceMs === 0) return pool;
  let last: Promise<unknown> = Promise.resolve();
  const { part, modelVersion } = pool;
  return {
    part,
    modelVersion,
    get queueDepth() {
      return pool.queueDepth;
    },
    get inFlight() {
      return pool.inFlight;
    },
    run: (input, options) => {
      const result = last.then(async () => {
        const elapsed = after(serviceMs);
        try {
          return await pool.run(input, options);
        } finally {
          await elapsed;
        }
      });
      last = result.catch(() => {});
      return result;
    },
    close: async () => {
      await last;
      await pool.close();
    },
  };
}

function after(delayMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, delayMs);
  return promise;
}
