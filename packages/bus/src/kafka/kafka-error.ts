/** The one translation of what the Kafka client throws and what brokers answer. */
import {
  AuthenticationError,
  findErrorBy,
  NetworkError,
  protocolErrors,
  protocolErrorsCodesById,
  UserError,
} from "@platformatic/kafka";
import { AppError } from "@segue/errors";

/** The broker's name of an error code, such as "NOT_LEADER_OR_FOLLOWER"; "NONE" for 0. */
export function errorIdOf(code: number): string {
  if (code === 0) return "NONE";
  const ids: Readonly<Record<string, string>> = protocolErrorsCodesById;
  return ids[String(code)] ?? `error ${code}`;
}

const LEADER_MOVED = new Set([
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "UNKNOWN_TOPIC_ID",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "REPLICA_NOT_AVAILABLE",
  "KAFKA_STORAGE_ERROR",
  "OFFSET_NOT_AVAILABLE",
]);

/** The same request may succeed once metadata is fresh. */
export function isLeaderMoved(errorId: string): boolean {
  return LEADER_MOVED.has(errorId);
}

const COORDINATOR_MOVED = new Set([
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
]);

/** The group's coordinator is elsewhere or not ready yet. */
export function isCoordinatorMoved(errorId: string): boolean {
  return COORDINATOR_MOVED.has(errorId);
}

const WAITS_FOR_REPLICAS = new Set([
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "REQUEST_TIMED_OUT",
  "THROTTLING_QUOTA_EXCEEDED",
  "NOT_CONTROLLER",
  "BROKER_NOT_AVAILABLE",
]);

export function isRetryable(errorId: string): boolean {
  return isLeaderMoved(errorId) || isCoordinatorMoved(errorId) || WAITS_FOR_REPLICAS.has(errorId);
}

/** What a broker refused, as an error of ours. */
export function refusedError(errorId: string, doing: string): AppError {
  const known = Object.values(protocolErrors).find(({ id }) => id === errorId);
  const text = `Kafka refused to ${doing}: ${known?.message ?? errorId} (${errorId})`;
  const details = { kafkaError: errorId };
  if (errorId === "MESSAGE_TOO_LARGE" || errorId === "RECORD_LIST_TOO_LARGE") {
    return new AppError("PAYLOAD_TOO_LARGE", text, { details });
  }
  if (isRetryable(errorId)) return new AppError("BUS_UNAVAILABLE", text, { details });
  if (errorId === "UNKNOWN_SERVER_ERROR") return new AppError("INTERNAL", text, { details });
  return new AppError("CONFIG_INVALID", text, { details });
}

/** The connection broke, could not be made, or a request was not answered in time. */
export function fromKafkaError(thrown: unknown, address: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const chain = [...causesOf(thrown)];
  const refusal = chain.find((cause) => cause instanceof AuthenticationError);
  if (refusal !== undefined) return credentialsError(address, refusal);
  const secured = chain.find(isTlsFailure);
  if (secured !== undefined) return tlsError(address, secured, thrown);
  const deepest = chain.at(-1);
  const reason = deepest instanceof Error ? deepest.message : String(thrown);
  if (findErrorBy(thrown as Error, "code", NetworkError.code) !== null) {
    const message = `The Kafka broker ${address} does not answer: ${reason}`;
    return new AppError("BUS_UNAVAILABLE", message, { cause: thrown });
  }
  return new AppError("INTERNAL", `The Kafka client failed at ${address}: ${reason}`, {
    cause: thrown,
  });
}

function credentialsError(address: string, refusal: Error): AppError {
  const reason = refusal.message.includes("mechanism")
    ? "it does not offer this SASL mechanism; correct SEGUE_KAFKA_SASL"
    : "wrong user name or password; correct SEGUE_KAFKA_USERNAME and SEGUE_KAFKA_PASSWORD";
  const message = `The Kafka broker ${address} refused the credentials: ${reason}`;
  return new AppError("CONFIG_INVALID", message, { cause: refusal });
}

function tlsError(address: string, failure: Error, cause: unknown): AppError {
  const message = `No TLS connection to the Kafka broker ${address}: ${failure.message}; check SEGUE_KAFKA_TLS and SEGUE_KAFKA_TLS_CA`;
  return new AppError("CONFIG_INVALID", message, { cause });
}

/** Codes of Node and OpenSSL for a certificate or handshake that will not do. */
const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;

function isTlsFailure(error: Error): boolean {
  if (error instanceof UserError && error.message.includes("TLS")) return true;
  return "code" in error && typeof error.code === "string" && TLS_CODES.test(error.code);
}

function* causesOf(thrown: unknown): Generator<Error> {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    yield error;
    if (error instanceof AggregateError) {
      for (const inner of error.errors) yield* causesOf(inner);
    }
  }
}
