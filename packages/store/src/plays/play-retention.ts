/** Deletes plays that are older than they are to be kept, and their records in the embedded log. */
import { TOPICS } from "@segue/contracts";
import { type AppError, toAppError } from "@segue/errors";
import type { Store } from "../open-store.ts";

export interface PlayRetentionOptions {
  readonly plays: Pick<Store["plays"], "deletePlaysBefore">;
  readonly log: Pick<Store["log"], "deleteEntriesBefore">;
  readonly logger: { warn(fields: { readonly err: AppError }, event: string): void };
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** 0: for ever. */
  readonly days: number;
  /** Default an hour. */
  readonly intervalMs?: number;
}

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Begins at once and looks again every hour. While the database is away it logs
 * `plays.retention.failed`. Returns what stops it. Several processes may do this at once.
 */
export function startPlayRetention(options: PlayRetentionOptions): () => void {
  const { plays, log, logger, now, days, intervalMs = HOUR_MS } = options;
  if (days === 0) return () => {};
  let isStopped = false;
  const trim = async () => {
    const keptSinceMs = now() - days * DAY_MS;
    try {
      await plays.deletePlaysBefore(keptSinceMs);
      // Records go by when they were accepted, at most a day before the play begins.
      await log.deleteEntriesBefore(TOPICS.plays, keptSinceMs);
    } catch (error) {
      if (!isStopped) logger.warn({ err: toAppError(error) }, "plays.retention.failed");
    }
  };
  void trim();
  const timer = setInterval(() => void trim(), intervalMs);
  timer.unref();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
