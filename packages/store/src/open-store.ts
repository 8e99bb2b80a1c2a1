import { adoptCountingRules } from "./listening/listening-filling.ts";
import {
  createListeningRepository,
  type ListeningRepository,
} from "./listening/listening-repository.ts";
import { ListeningSettler } from "./listening/listening-settler.ts";
import { createDurableLog, type DurableLogStore, type LogPlace } from "./log/durable-log.ts";
import { createModelRegistry, type ModelRegistry } from "./models/model-registry.ts";
import { createMysqlDialect, type MysqlOptions } from "./mysql/mysql-dialect.ts";
import { createPlayRepository, type PlayRepository } from "./plays/play-repository.ts";
import { createReceiptRepository, type ReceiptRepository } from "./receipts/receipt-repository.ts";
import { createSessionRepository, type SessionRepository } from "./sessions/session-repository.ts";
import { createSongRepository, type SongRepository } from "./songs/song-repository.ts";
import { Database } from "./sql/database.ts";
import type { SqlDialect } from "./sql/dialect.ts";
import { migrate } from "./sql/migrate.ts";
import { createSqliteDialect, type SqliteOptions } from "./sqlite/sqlite-dialect.ts";
import { eraseReceiptsOf, eraseUser, type UserErasure } from "./users/erase-user.ts";

/** One database. Every promise of a writing call resolves when the change is on disk. */
export interface Store {
  readonly songs: SongRepository;
  readonly plays: PlayRepository;
  readonly listening: ListeningRepository;
  readonly sessions: SessionRepository;
  readonly models: ModelRegistry;
  readonly receipts: ReceiptRepository;
  readonly log: DurableLogStore;
  /**
   * Removes everything that names the user, the entries of the log included, step by step; figures
   * follow each of them. Resolves when nothing is left; until then, or after a crash, repeating it goes
   * on. Plays behind `place` on the log stay.
   */
  eraseUser(user: string, place?: LogPlace, sliceSize?: number): Promise<UserErasure>;
  /** Removes what receipts there are of the user, and the record at the place that asked for it. */
  eraseReceiptsOf(user: string, place: LogPlace): Promise<number>;
  /** Problems the database finds in itself; empty when it is whole. Reads all of it. */
  findDamage(): Promise<readonly string[]>;
  /** Waits for the writes under way; later calls throw STORE_UNAVAILABLE. */
  close(): Promise<void>;
}

/**
 * Opens the SQLite file and brings its schema up to date. Several processes may open the same file:
 * reads never wait, and a write waits for another process's transaction up to `lockWaitMs`, then
 * throws STORE_UNAVAILABLE.
 */
export function openStore(options: SqliteOptions): Promise<Store> {
  return openStoreOf(createSqliteDialect(options));
}

/**
 * Opens a database on a MySQL or MariaDB server and brings its schema up to date. Several processes
 * may use it at once; their transactions take turns. Wrong settings throw CONFIG_INVALID. While the
 * server is away every call fails with STORE_UNAVAILABLE within seconds, and succeeds again once it
 * is back. A write that fails with the reason `commit-unknown` may be stored; repeating it is safe.
 */
export async function openMysqlStore(options: MysqlOptions): Promise<Store> {
  return openStoreOf(await createMysqlDialect(options));
}

export async function openStoreOf(dialect: SqlDialect): Promise<Store> {
  const database = new Database(await dialect.connect());
  try {
    await migrate(database, dialect);
    await adoptCountingRules(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  const settler = new ListeningSettler(database);
  // What a crash, or another Segue, left.
  settler.soon();
  return {
    songs: createSongRepository(database),
    plays: createPlayRepository(database, () => settler.soon()),
    listening: createListeningRepository(database, settler),
    sessions: createSessionRepository(database),
    models: createModelRegistry(database),
    receipts: createReceiptRepository(database),
    log: createDurableLog(database),
    eraseUser: (user, place, sliceSize) =>
      eraseUser(database, user, place, sliceSize).finally(() => settler.soon()),
    eraseReceiptsOf: (user, place) => eraseReceiptsOf(database, user, place),
    findDamage: () => database.findDamage(),
    async close() {
      await settler.close();
      await database.close();
    },
  };
}
