export type { ListeningRepository } from "./listening/listening-repository.ts";
export type { Listener } from "./listening/read-listeners.ts";
export type { ListeningQuestion } from "./listening/read-listening.ts";
export type { MysqlOptions } from "./mysql/mysql-dialect.ts";
export { openMysqlStore, openStore, type Store } from "./open-store.ts";
export type { Play } from "./plays/play-repository.ts";
export { type PlayRetentionOptions, startPlayRetention } from "./plays/play-retention.ts";
export { RECEIPT_AGE_MS_MAX } from "./receipts/receipt-repository.ts";
export type { ListeningSession, StoredSession } from "./sessions/listening-session.ts";
export { songIdFor } from "./songs/song-id.ts";
export type { SongUpsert } from "./songs/song-repository.ts";
export type { UpsertOutcome } from "./sql/upsert-outcome.ts";
export {
  createTrendingList,
  type TrendingEntry,
  type TrendingList,
  type TrendingListOptions,
} from "./trending/trending-list.ts";
