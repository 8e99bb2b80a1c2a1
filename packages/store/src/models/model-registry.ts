import { AppError } from "@segue/errors";
import { reserveNumbers } from "../sql/counter.ts";
import type { Database, ReadConnection, WriteTransaction } from "../sql/database.ts";
import type { ModelTable } from "../sql/tables.ts";
import { type ByteSource, createChunkSource } from "./chunk-source.ts";
import { type UploadedWeights, uploadWeights } from "./weight-upload.ts";

/** A model's own description; the store needs its name only and keeps the rest as it is. */
export interface VersionedManifest {
  readonly version: string;
}

export interface RegisteredModel {
  readonly version: string;
  /** As registered: plain JSON. */
  readonly manifest: VersionedManifest;
  readonly sizeBytes: number;
  /** Of the whole checkpoint, in hexadecimal. */
  readonly sha256: string;
  readonly registeredAtMs: number;
  readonly isPromoted: boolean;
}

export interface RegisterOptions {
  /** Bytes per chunk; each is stored and checked as a whole. Default 1 MiB. */
  readonly chunkBytes?: number;
}

export interface ModelRegistry {
  /**
   * Stores a checkpoint; the version is visible when all of it is, and an attempt that was cut off
   * leaves nothing visible. The same version with the same bytes again is no error; with other
   * bytes MODEL_INVALID is thrown.
   */
  registerModel(
    manifest: VersionedManifest,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: RegisterOptions,
  ): Promise<RegisteredModel>;
  /** Oldest first. */
  listModels(): Promise<readonly RegisteredModel[]>;
  findModel(version: string): Promise<RegisteredModel | undefined>;
  /**
   * Random access to a version's bytes. Reading a damaged chunk throws MODEL_CHECKSUM_MISMATCH;
   * an unknown version is MODEL_NOT_LOADED.
   */
  openModel(version: string): Promise<ByteSource>;
  /** Makes the version the one that serves; throws MODEL_NOT_LOADED for an unknown one. */
  promote(version: string): Promise<void>;
  promotedModel(): Promise<RegisteredModel | undefined>;
  /** The version that served before the promoted one: where `rollBack` leads. */
  previousModel(): Promise<RegisteredModel | undefined>;
  /** Takes the last promotion back and returns what serves now; MODEL_NOT_LOADED without a previous one. */
  rollBack(): Promise<RegisteredModel>;
}

const CHUNK_BYTES_DEFAULT = 1024 * 1024;

export function createModelRegistry(database: Database): ModelRegistry {
  const { read } = database;
  const find = async (version: string): Promise<RegisteredModel | undefined> =>
    (await listModels(read)).find((model) => model.version === version);
  const served = async (stepsBack: number): Promise<RegisteredModel | undefined> => {
    const version = (await versionsServed(read))[stepsBack];
    return version === undefined ? undefined : find(version);
  };
  return {
    async registerModel(manifest, content, options) {
      const chunkBytes = options?.chunkBytes ?? CHUNK_BYTES_DEFAULT;
      const weights = await uploadWeights(database, content, chunkBytes);
      await database.write((transaction) => makeVisible(transaction, manifest, weights));
      const model = await find(manifest.version);
      return model ?? throwUnknown(read, manifest.version);
    },
    listModels: () => listModels(read),
    findModel: find,
    async openModel(version) {
      const row = await findRow(read, version);
      return row === undefined ? throwUnknown(read, version) : createChunkSource(read, row);
    },
    async promote(version) {
      if ((await findRow(read, version)) === undefined) await throwUnknown(read, version);
      await database.write((transaction) => promote(transaction, version));
    },
    promotedModel: () => served(0),
    previousModel: () => served(1),
    async rollBack() {
      await database.write(rollBack);
      const model = await served(0);
      return model ?? throwUnknown(read, "");
    },
  };
}

async function makeVisible(
  transaction: WriteTransaction,
  manifest: VersionedManifest,
  weights: UploadedWeights,
): Promise<void> {
  const existing = await findRow(transaction, manifest.version);
  if (existing === undefined) {
    const row = {
      version: manifest.version,
      upload_id: weights.uploadId,
      manifest: JSON.stringify(manifest),
      size_bytes: weights.sizeBytes,
      chunk_bytes: weights.chunkBytes,
      sha256: weights.sha256,
      registered_at: Date.now(),
    };
    await transaction.insertInto("models").values(row).execute();
    return;
  }
  if (existing.sha256 !== weights.sha256) {
    throw new AppError(
      "MODEL_INVALID",
      `A model named ${manifest.version} with other weights is registered already; give the new one another version.`,
      { details: { version: manifest.version } },
    );
  }
  await transaction.deleteFrom("model_chunks").where("upload_id", "=", weights.uploadId).execute();
  await transaction.deleteFrom("model_uploads").where("id", "=", weights.uploadId).execute();
}

async function listModels(connection: ReadConnection): Promise<readonly RegisteredModel[]> {
  const rows = await connection
    .selectFrom("models")
    .selectAll()
    .orderBy("registered_at")
    .orderBy("version")
    .execute();
  const [promoted] = await versionsServed(connection);
  return rows.map((row) => ({
    version: row.version,
    manifest: JSON.parse(row.manifest) as VersionedManifest,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    registeredAtMs: row.registered_at,
    isPromoted: row.version === promoted,
  }));
}

function findRow(connection: ReadConnection, version: string): Promise<ModelTable | undefined> {
  return connection
    .selectFrom("models")
    .selectAll()
    .where("version", "=", version)
    .executeTakeFirst();
}

/** Versions of the promotions that stand, newest first. */
async function versionsServed(connection: ReadConnection): Promise<readonly string[]> {
  const rows = await connection
    .selectFrom("model_promotions")
    .select("version")
    .where("rolled_back_at", "is", null)
    .orderBy("sequence", "desc")
    .limit(2)
    .execute();
  return rows.map((row) => row.version);
}

async function promote(transaction: WriteTransaction, version: string): Promise<void> {
  const sequence = await reserveNumbers(transaction, "promotions", 1);
  const [served] = await versionsServed(transaction);
  if (served === version) return;
  await transaction
    .insertInto("model_promotions")
    .values({ sequence, version, promoted_at: Date.now(), rolled_back_at: null })
    .execute();
}

async function rollBack(transaction: WriteTransaction): Promise<void> {
  const standing = await transaction
    .selectFrom("model_promotions")
    .select("sequence")
    .where("rolled_back_at", "is", null)
    .orderBy("sequence", "desc")
    .limit(2)
    .execute();
  const [last, previous] = standing;
  if (last === undefined || previous === undefined) {
    throw new AppError(
      "MODEL_NOT_LOADED",
      "No version served before the present one, so there is nothing to roll back to; promote a version instead.",
    );
  }
  await transaction
    .updateTable("model_promotions")
    .set({ rolled_back_at: Date.now() })
    .where("sequence", "=", last.sequence)
    .execute();
}

async function throwUnknown(connection: ReadConnection, version: string): Promise<never> {
  const versions = (await listModels(connection)).map((model) => model.version);
  const known = versions.length === 0 ? "none" : versions.join(", ");
  throw new AppError(
    "MODEL_NOT_LOADED",
    `No model ${version} is registered (registered: ${known}); train or register it first.`,
    { details: { version, registered: versions } },
  );
}
