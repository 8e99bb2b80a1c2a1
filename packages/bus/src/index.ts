export type {
  Bus,
  BusMessage,
  BusRecord,
  OwnershipChange,
  PartitionLag,
  ReadOptions,
  RecordHandler,
  SubscribeOptions,
  Subscription,
  TopicKind,
  TopicSpec,
} from "./bus.ts";
export type { DurableLog, LogEntry, StoredLogEntry } from "./durable-log.ts";
