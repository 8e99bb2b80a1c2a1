/** What each kind of topic means in Kafka's settings. */
import type { TopicKind, TopicSpec } from "../bus.ts";

export type TopicConfigs = ReadonlyMap<string, string>;

/** The settings that tell kinds apart. */
export const KIND_SETTINGS = ["cleanup.policy", "retention.ms"] as const;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MEBIBYTE = 1_048_576;

export function settingsFor(spec: TopicSpec, replication: number): Record<string, string> {
  return {
    // A batch, with what surrounds a message of 1 MiB.
    "max.message.bytes": String(2 * MEBIBYTE),
    // Retention goes by it, and the clocks of senders may be minutes off.
    "message.timestamp.type": "LogAppendTime",
    ...SETTINGS[spec.kind],
    ...(spec.kind === "durable"
      ? {
          "retention.ms": String(spec.retentionMs ?? -1),
          "min.insync.replicas": String(Math.min(2, replication)),
        }
      : {}),
  };
}

const SETTINGS: Record<TopicKind, Record<string, string>> = {
  work: {
    "cleanup.policy": "delete",
    "retention.ms": String(10 * MINUTE_MS),
    "retention.bytes": String(128 * MEBIBYTE),
    "segment.bytes": String(32 * MEBIBYTE),
    "segment.ms": String(5 * MINUTE_MS),
    // With one replica left the work goes on.
    "min.insync.replicas": "1",
  },
  compacted: {
    "cleanup.policy": "compact",
    // Only closed segments are compacted: a late reader is to find little that is old.
    "segment.bytes": String(4 * MEBIBYTE),
    "segment.ms": String(MINUTE_MS),
    "min.cleanable.dirty.ratio": "0.1",
    "max.compaction.lag.ms": String(2 * MINUTE_MS),
    "delete.retention.ms": String(MINUTE_MS),
    "min.insync.replicas": "1",
  },
  durable: {
    "cleanup.policy": "delete",
    "retention.bytes": "-1",
  },
};

/** Records that last a day or longer were meant to last. */
export function kindIn(configs: TopicConfigs): TopicKind {
  if (configs.get("cleanup.policy")?.includes("compact") === true) return "compacted";
  const retentionMs = Number(configs.get("retention.ms") ?? -1);
  return retentionMs < 0 || retentionMs >= DAY_MS ? "durable" : "work";
}
