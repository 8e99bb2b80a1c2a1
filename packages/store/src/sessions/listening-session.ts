/** Songs that one listener heard in a row. */
export interface ListeningSession {
  readonly id: string;
  readonly user: string | null;
  /** Unix milliseconds; 0 where the source gave no time. */
  readonly startedAtMs: number;
  readonly songIds: readonly string[];
}

export interface StoredSession extends ListeningSession {
  /** `plays`: derived from single plays, not stored as a session. */
  readonly source: SessionSource | "plays";
}

export type SessionSource = "imported" | "simulated";
