export { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
export * from "./gen/segue/v1/recommendation_pb.ts";
export {
  HEADERS,
  type PipelineTopic,
  pipelineTopics,
  stageTopic,
  TOPICS,
  WORK_PARTITIONS,
} from "./topics.ts";
