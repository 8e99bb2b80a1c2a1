import type { Message } from "@bufbuild/protobuf";

/** The fields of an answer; its time is measured around the call. */
export type Answer<Response extends Message> = Omit<
  Response,
  "$typeName" | "$unknown" | "processingTime"
>;
