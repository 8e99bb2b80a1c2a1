/** An answer as the API holds it, and its way to and from the messages that carry it. */
import {
  create,
  fromBinary,
  type Hop as HopMessage,
  type Receipt as ReceiptMessage,
  ReceiptRecordSchema,
  type RecommendedSong as RecommendedSongMessage,
  toBinary,
} from "@segue/contracts";
import type { Hop, Receipt, RecommendedSong, ServiceLevel } from "@segue/domain";
import { AppError } from "@segue/errors";

export interface Answer {
  readonly songs: readonly RecommendedSong[];
  readonly receipt: Receipt;
}

/** Everything goes that was recorded for the user before it. */
export interface ReceiptErasure {
  readonly user: string;
  /** Unix time in milliseconds. */
  readonly erasedAtMs: number;
}

const LEVELS: readonly string[] = ["full", "neighbours", "trending"] satisfies ServiceLevel[];

/** Throws MESSAGE_UNREADABLE when the message lacks its receipt. */
export function toAnswer(message: {
  readonly songs: readonly RecommendedSongMessage[];
  readonly receipt?: ReceiptMessage | undefined;
}): Answer {
  const { songs, receipt } = message;
  const level = receipt?.level ?? "";
  if (receipt === undefined || !isLevel(level)) {
    throw new AppError("MESSAGE_UNREADABLE", "An answer came without a receipt");
  }
  return {
    songs: songs.map(({ songId, score, because }) => ({
      songId,
      score,
      because: because.map((reason) => ({ songId: reason.songId, weight: reason.weight })),
    })),
    receipt: toReceipt(receipt, level),
  };
}

export function encodeReceiptRecord({ songs, receipt }: Answer): Uint8Array {
  const record = create(ReceiptRecordSchema, {
    songs: songs.map((song) => ({
      ...song,
      because: song.because.map((reason) => ({ ...reason })),
    })),
    receipt: {
      ...receipt,
      hops: receipt.hops.map((hop) => ({ ...hop })),
      songIds: [...receipt.songIds],
      historySongIds: [...receipt.historySongIds],
    },
  });
  return toBinary(ReceiptRecordSchema, record);
}

export function encodeReceiptErasure({ user, erasedAtMs }: ReceiptErasure): Uint8Array {
  const record = create(ReceiptRecordSchema, { erasedUser: user, erasedAtMs });
  return toBinary(ReceiptRecordSchema, record);
}

/** Throws MESSAGE_UNREADABLE when the bytes are no receipt record, or are an erasure. */
export function decodeReceiptRecord(bytes: Uint8Array): Answer {
  const record = readReceiptRecord(bytes);
  if ("receipt" in record) return record;
  throw new AppError("MESSAGE_UNREADABLE", "This record erases receipts and holds none");
}

/** Throws MESSAGE_UNREADABLE when the bytes are neither. */
export function readReceiptRecord(bytes: Uint8Array): Answer | ReceiptErasure {
  try {
    const record = fromBinary(ReceiptRecordSchema, bytes);
    const { erasedUser, erasedAtMs } = record;
    return erasedUser === "" ? toAnswer(record) : { user: erasedUser, erasedAtMs };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("MESSAGE_UNREADABLE", "These bytes are no receipt", { cause: thrown });
  }
}

function isLevel(text: string): text is ServiceLevel {
  return LEVELS.includes(text);
}

function toReceipt(receipt: ReceiptMessage, level: ServiceLevel): Receipt {
  const { requestId, modelVersion, reason, attempts, totalMs, hops, createdAtMs } = receipt;
  const { songIds, historySongIds, user, limit, songsPerArtistMax } = receipt;
  return {
    requestId,
    modelVersion,
    level,
    reason,
    attempts,
    totalMs,
    hops: hops.map(toHop),
    createdAtMs,
    songIds,
    historySongIds,
    user,
    limit,
    songsPerArtistMax,
  };
}

function toHop(hop: HopMessage): Hop {
  const { role, stage, layerFirst, layerLast, shard, replica, attempt } = hop;
  const { queueMs, computeMs, startedAtMs } = hop;
  return {
    role,
    stage,
    layerFirst,
    layerLast,
    shard,
    replica,
    queueMs,
    computeMs,
    startedAtMs,
    attempt,
  };
}
