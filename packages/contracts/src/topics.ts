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

/** Partitions of a topic whose readers share the work; room for as many members. */
const WORK_PARTITIONS = 12;

/** Heartbeats go to them in turn, so that no broker's death silences anybody. */
export const HEARTBEAT_PARTITIONS = 3;

/** An instance's own partitions of replies or partials: two, as a rule with different leaders. */
const PARTITIONS_PER_INSTANCE = 2;

/**
 * The partitions of `rec.replies.v1` that the API server, or of `rec.partials.v1` that the
 * dispatcher with this ordinal among its kind reads.
 *
 * @param instance from 1; no two living processes of a kind may share one
 */
export function partitionsOf(instance: number): readonly number[] {
  const first = PARTITIONS_PER_INSTANCE * (instance - 1);
  return Array.from({ length: PARTITIONS_PER_INSTANCE }, (_, index) => first + index);
}

/** A topic as the bus must create it. */
export interface PipelineTopic {
  readonly name: string;
  readonly kind: "work" | "compacted" | "durable";
  readonly partitions: number;
  /** Of a durable topic whose records need not be kept for ever. */
  readonly retentionMs?: number;
}

/** A day longer than receipts themselves are kept. */
const RECEIPTS_RETENTION_MS = 31 * 24 * 60 * 60 * 1_000;

/**
 * Every topic that a model cut into `stageCount` stages and `shardCount` scoring shards needs, with
 * room for the API servers and dispatchers with ordinals up to `instancesMax` (default 6).
 */
export function pipelineTopics(cut: {
  readonly stageCount: number;
  readonly shardCount: number;
  readonly instancesMax?: number;
}): readonly PipelineTopic[] {
  const stageTopics = Array.from({ length: cut.stageCount }, (_, index) => stageTopic(index + 1));
  if (cut.shardCount > 1) {
    stageTopics.pop();
    for (let shard = 0; shard < cut.shardCount; shard += 1) {
      stageTopics.push(stageTopic(cut.stageCount, shard, cut.shardCount));
    }
  }
  const ownedPartitions = PARTITIONS_PER_INSTANCE * (cut.instancesMax ?? 0);
  const work = (partitions: number) => (name: string) =>
    ({ name, kind: "work", partitions }) as const;
  return [
    ...[TOPICS.requests, ...stageTopics].map(work(WORK_PARTITIONS)),
    ...[TOPICS.partials, TOPICS.replies].map(work(Math.max(WORK_PARTITIONS, ownedPartitions))),
    { name: TOPICS.heartbeats, kind: "compacted", partitions: HEARTBEAT_PARTITIONS },
    {
      name: TOPICS.receipts,
      kind: "durable",
      partitions: 4,
      retentionMs: RECEIPTS_RETENTION_MS,
    },
    { name: TOPICS.plays, kind: "durable", partitions: WORK_PARTITIONS },
    { name: TOPICS.dead, kind: "durable", partitions: 1 },
  ];
}

export const HEADERS = {
  /**
   * For so many milliseconds after its time the record is worth handling. A span, for the clocks of
   * two hosts may disagree: each counts by its own.
   */
  life: "segue-life-ms",
  requestId: "segue-request-id",
  /** W3C trace context (https://www.w3.org/TR/trace-context/). */
  traceparent: "traceparent",
} as const;
