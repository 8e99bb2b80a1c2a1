/** One play, its retraction, or the erasure of a user, on its way through `plays.v1`. */
import { create, fromBinary, type PlayRecord, PlayRecordSchema, toBinary } from "@segue/contracts";
import { AppError } from "@segue/errors";
import {
  NAME_LENGTH_MAX,
  PLAYED_AT_MS_END,
  PLAYED_AT_MS_MIN,
  SECONDS_MAX,
  SONG_ID_LENGTH_MAX,
  TITLE_LENGTH_MAX,
} from "./play-limits.ts";

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

/**
 * Throws MESSAGE_UNREADABLE when the bytes are none of these, or a play that the API would not have
 * accepted: others may write to the topic. An erasure has no key.
 */
export function decodePlay(bytes: Uint8Array): PlayRecord {
  const record = readRecord(bytes);
  const problem = problemOf(record);
  if (problem === undefined) return record;
  throw new AppError("MESSAGE_UNREADABLE", `This is no play: ${problem}`);
}

function readRecord(bytes: Uint8Array): PlayRecord {
  try {
    return fromBinary(PlayRecordSchema, bytes);
  } catch (cause) {
    throw new AppError("MESSAGE_UNREADABLE", "These bytes are no play", { cause });
  }
}

function problemOf(record: PlayRecord): string | undefined {
  const { user, key, userErased, deleted } = record;
  if (!isText(user, 1, NAME_LENGTH_MAX)) return namedProblem("user", 1, NAME_LENGTH_MAX);
  if (userErased) return undefined;
  if (!isText(key, 1, NAME_LENGTH_MAX)) return namedProblem("key", 1, NAME_LENGTH_MAX);
  return deleted ? undefined : contentProblemOf(record);
}

function contentProblemOf(record: PlayRecord): string | undefined {
  const { songId, title, artist, playedAtMs, seconds } = record;
  if (!isText(songId, 0, SONG_ID_LENGTH_MAX)) return namedProblem("song_id", 0, SONG_ID_LENGTH_MAX);
  if (!isText(title, 0, TITLE_LENGTH_MAX)) return namedProblem("title", 0, TITLE_LENGTH_MAX);
  if (!isText(artist, 0, TITLE_LENGTH_MAX)) return namedProblem("artist", 0, TITLE_LENGTH_MAX);
  const isInTime = playedAtMs >= PLAYED_AT_MS_MIN && playedAtMs < PLAYED_AT_MS_END;
  if (!Number.isInteger(playedAtMs) || !isInTime) {
    return `played_at_ms (${playedAtMs}) must be whole, from ${PLAYED_AT_MS_MIN} to below ${PLAYED_AT_MS_END}`;
  }
  // Written so that NaN is refused as well.
  if (!(seconds >= 0 && seconds <= SECONDS_MAX)) {
    return `seconds (${seconds}) must be from 0 to ${SECONDS_MAX}`;
  }
  return undefined;
}

function isText(text: string, lengthMin: number, lengthMax: number): boolean {
  return text.length >= lengthMin && text.length <= lengthMax && !text.includes("\0");
}

function namedProblem(name: string, lengthMin: number, lengthMax: number): string {
  return `${name} must have ${lengthMin} to ${lengthMax} characters, none of them NUL`;
}
