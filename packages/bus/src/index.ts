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
export type { BusLogger } from "./bus-logger.ts";
export type { DurableLog, LogEntry, StoredLogEntry } from "./durable-log.ts";
export {
  type HeartbeatFields,
  type HeartbeatOptions,
  type Heartbeats,
  startHeartbeats,
} from "./heartbeats.ts";
export type { BrokerOptions } from "./in-process/broker.ts";
export { createInProcessBroker, type InProcessBroker } from "./in-process/in-process-broker.ts";
export type { InProcessBus } from "./in-process/in-process-bus.ts";
export { createMemoryDurableLog } from "./memory-durable-log.ts";
export { partitionFor } from "./partition-for.ts";
