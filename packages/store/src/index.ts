export type { DurableLogStore, LogEntry, StoredLogEntry } from "./log/durable-log.ts";
export type { ByteSource } from "./models/chunk-source.ts";
export type {
  ModelRegistry,
  RegisteredModel,
  RegisterOptions,
  VersionedManifest,
} from "./models/model-registry.ts";
export { openStore, type Store } from "./open-store.ts";
export type { Play, PlayRepository, TrendingSong } from "./plays/play-repository.ts";
export {
  RECEIPT_AGE_MS_MAX,
  type ReceiptRepository,
  type StoredReceipt,
} from "./receipts/receipt-repository.ts";
export type {
  ListeningSession,
  SessionSource,
  StoredSession,
} from "./sessions/listening-session.ts";
export type { AppendSessionsOptions, SessionRepository } from "./sessions/session-repository.ts";
export {
  SESSION_PAUSE_MS,
  type SessionPlay,
  type SplitSession,
  splitSessions,
} from "./sessions/session-split.ts";
export { songIdFor } from "./songs/song-id.ts";
export type { PageOptions, SongRepository, SongUpsert } from "./songs/song-repository.ts";
export type { UpsertOutcome } from "./sql/upsert-outcome.ts";
export type { SqliteOptions } from "./sqlite/sqlite-dialect.ts";
export type { UserErasure } from "./users/erase-user.ts";
