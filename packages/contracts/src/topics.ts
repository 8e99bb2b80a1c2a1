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

/** Partitions of a topic whose readers share or divide the work; room for as many members. */
const WORK_PARTITIONS = 12;

/** A topic as the bus must create it. */
export interface PipelineTopic {
  readonly name: string;
  readonly kind: "work" | "compacted" | "durable";
  readonly partitions: number;
}

/** Every topic that a model cut into `stageCount` stages and `shardCount` scoring shards needs. */
export function pipelineTopics(cut: {
  readonly stageCount: number;
  readonly shardCount: number;
}): readonly PipelineTopic[] {
  const stageTopics = Array.from({ length: cut.stageCount }, (_, index) => stageTopic(index + 1));
  if (cut.shardCount > 1) {
    stageTopics.pop();
    for (let shard = 0; shard < cut.shardCount; shard += 1) {
      stageTopics.push(stageTopic(cut.stageCount, shard, cut.shardCount));
    }
  }
  const workTopics = [TOPICS.requests, ...stageTopics, TOPICS.partials, TOPICS.replies];
  return [
    ...workTopics.map((name) => ({ name, kind: "work" as const, partitions: WORK_PARTITIONS })),
    { name: TOPICS.heartbeats, kind: "compacted", partitions: 1 },
    { name: TOPICS.receipts, kind: "durable", partitions: 4 },
    { name: TOPICS.plays, kind: "durable", partitions: WORK_PARTITIONS },
    { name: TOPICS.dead, kind: "durable", partitions: 1 },
  ];
}

export const HEADERS = {
  /** Unix time in milliseconds after which the record is not worth handling. */
  deadline: "segue-deadline-ms",
  requestId: "segue-request-id",
  /** W3C trace context (https://www.w3.org/TR/trace-context/). */
  traceparent: "traceparent",
} as const;
