export { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
export * from "./gen/segue/v1/recommendation_pb.ts";
export {
  HEADERS,
  HEARTBEAT_PARTITIONS,
  partitionsOf,
  pipelineTopics,
  stageTopic,
  TOPICS,
} from "./topics.ts";
