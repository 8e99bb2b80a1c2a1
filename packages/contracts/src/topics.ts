/** The topics of the pipeline and the headers that travel on every record. */

export const TOPICS = {
  requests: "rec.requests.v1",
  partials: "rec.partials.v1",
  replies: "rec.replies.v1",
  heartbeats: "heartbeats.v1",
  receipts: "receipts.v1",
  plays: "plays.v1",
  dead: "dead.v1",
} as const;

/** Topic of one stage, and of one shard where the stage has several; stages count from 1, shards from 0. */
export function stageTopic(stage: number, shard = 0, shardCount = 1): string {
  return shardCount === 1 ? `rec.stage.${stage}.v1` : `rec.stage.${stage}.${shard}.v1`;
}

export const HEADERS = {
  /** Unix time in milliseconds after which the record is not worth handling. */
  deadline: "segue-deadline-ms",
  requestId: "segue-request-id",
  /** W3C trace context (https://www.w3.org/TR/trace-context/). */
  traceparent: "traceparent",
} as const;
