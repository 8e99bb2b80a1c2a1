export type { Bus, BusMessage, BusRecord, PartitionLag, Subscription } from "./bus.ts";
export { readHeartbeats } from "./heartbeat-reader.ts";
export {
  type HeartbeatFields,
  type Heartbeats,
  type ProcessAbout,
  startHeartbeats,
} from "./heartbeats.ts";
export { createInProcessBroker, type InProcessBroker } from "./in-process/in-process-broker.ts";
export type { InProcessBus } from "./in-process/in-process-bus.ts";
export { createKafkaBus, type KafkaBus } from "./kafka/kafka-bus.ts";
export type { KafkaOptions } from "./kafka/kafka-options.ts";
export { partitionFor } from "./partition-for.ts";
export { lifeHeader, lifeLeftMs } from "./record-life.ts";
