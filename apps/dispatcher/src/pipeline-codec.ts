/** Between the pipeline's Protobuf messages and the dispatcher core's plain ones. */
import {
  create,
  fromBinary,
  PartialSchema,
  RecommendReplySchema,
  RecommendRequestSchema,
  StageTaskSchema,
  toBinary,
} from "@segue/contracts";
import {
  LIMIT_DEFAULT,
  LIMIT_MAX,
  type RecommendReply,
  type RecommendRequest,
  type ShardPartial,
  SONGS_PER_ARTIST_DEFAULT,
  type StageTarget,
  type StageTask,
} from "@segue/domain";
import { AppError } from "@segue/errors";

/**
 * Throws MESSAGE_UNREADABLE, also when the request does not say where its reply goes.
 *
 * @param deadlineMs by the clock of this process; the one in the message is by its sender's
 */
export function decodeRequest(value: Uint8Array, deadlineMs: number): RecommendRequest {
  const request = decoded("RecommendRequest", () => fromBinary(RecommendRequestSchema, value));
  const { replyTo, requestId } = request;
  if (replyTo === undefined || requestId === "") {
    throw new AppError(
      "MESSAGE_UNREADABLE",
      `Request "${requestId}" lacks its id or the address of its reply`,
    );
  }
  return {
    ...request,
    replyTo,
    deadlineMs,
    limit: Math.min(LIMIT_MAX, request.limit || LIMIT_DEFAULT),
    songsPerArtistMax: request.songsPerArtistMax || SONGS_PER_ARTIST_DEFAULT,
  };
}

/** Throws MESSAGE_UNREADABLE. */
export function decodePartial(value: Uint8Array): ShardPartial {
  return decoded("Partial", () => fromBinary(PartialSchema, value));
}

export function encodeTask(task: StageTask, target: StageTarget): Uint8Array {
  return toBinary(
    StageTaskSchema,
    create(StageTaskSchema, {
      requestId: task.requestId,
      attempt: task.attempt,
      modelVersion: task.modelVersion,
      deadlineMs: task.deadlineMs,
      route: { targets: [...task.targets], partialsTo: task.partialsTo },
      stage: target.stage,
      shard: target.shard,
      variants: task.variants.map((rows) => ({ rows: [...rows] })),
      maskedRows: [...task.maskedRows],
      candidates: task.candidates,
    }),
  );
}

export function encodeReply(reply: RecommendReply): Uint8Array {
  const { requestId } = reply;
  if (reply.kind === "failure") {
    const { failure } = reply;
    return toBinary(RecommendReplySchema, create(RecommendReplySchema, { requestId, failure }));
  }
  const { receipt } = reply;
  return toBinary(
    RecommendReplySchema,
    create(RecommendReplySchema, {
      requestId,
      songs: reply.songs.map((song) => ({ ...song, because: [...song.because] })),
      receipt: {
        ...receipt,
        hops: [...receipt.hops],
        songIds: [...receipt.songIds],
        historySongIds: [...receipt.historySongIds],
      },
    }),
  );
}

function decoded<Message>(name: string, decode: () => Message): Message {
  try {
    return decode();
  } catch (cause) {
    throw new AppError("MESSAGE_UNREADABLE", `A record is not a Protobuf ${name}`, { cause });
  }
}
