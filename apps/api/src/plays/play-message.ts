/** One play, its retraction, or the erasure of a user, on its way through `plays.v1`. */
import { create, fromBinary, type PlayRecord, PlayRecordSchema, toBinary } from "@segue/contracts";
import { AppError } from "@segue/errors";

export interface AcceptedPlay {
  readonly user: string;
  readonly key: string;
  /** Empty: not known; title and artist then say what was heard. */
  readonly songId: string;
  readonly title: string;
  readonly artist: string;
  /** Start, unix milliseconds. */
  readonly playedAtMs: number;
  /** As heard, fractions and all. */
  readonly seconds: number;
  readonly acceptedAtMs: number;
}

export function encodePlay(play: AcceptedPlay): Uint8Array {
  return toBinary(PlayRecordSchema, create(PlayRecordSchema, play));
}

export function encodeRetraction(user: string, key: string, acceptedAtMs: number): Uint8Array {
  const record = create(PlayRecordSchema, { user, key, deleted: true, acceptedAtMs });
  return toBinary(PlayRecordSchema, record);
}

export function encodeErasure(user: string, acceptedAtMs: number): Uint8Array {
  const record = create(PlayRecordSchema, { user, userErased: true, acceptedAtMs });
  return toBinary(PlayRecordSchema, record);
}

/** Throws MESSAGE_UNREADABLE when the bytes are none of these; an erasure has no key. */
export function decodePlay(bytes: Uint8Array): PlayRecord {
  try {
    const record = fromBinary(PlayRecordSchema, bytes);
    if (record.user !== "" && (record.key !== "" || record.userErased)) return record;
  } catch (cause) {
    throw new AppError("MESSAGE_UNREADABLE", "These bytes are no play", { cause });
  }
  throw new AppError("MESSAGE_UNREADABLE", "This play has no user or no key");
}
