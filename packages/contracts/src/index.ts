export { create, fromBinary, toBinary } from "@bufbuild/protobuf";
export * from "./gen/segue/v1/recommendation_pb.ts";
export { HEADERS, stageTopic, TOPICS } from "./topics.ts";
