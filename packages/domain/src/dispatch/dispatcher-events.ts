/** What a dispatcher is told, and what it wants done. */
import type {
  Address,
  RecommendReply,
  RecommendRequest,
  ReplicaHeartbeat,
  ShardPartial,
  StageTarget,
  StageTask,
} from "./pipeline-messages.ts";

export type DispatcherEvent =
  | {
      readonly kind: "request";
      readonly request: RecommendRequest;
      /** When it was put on the bus. */
      readonly publishedAtMs: number;
    }
  | { readonly kind: "partial"; readonly partial: ShardPartial }
  | { readonly kind: "heartbeat"; readonly heartbeat: ReplicaHeartbeat }
  | { readonly kind: "farewell"; readonly replica: string }
  | { readonly kind: "tick" };

export type DispatcherEffect =
  | { readonly kind: "task"; readonly target: StageTarget; readonly task: StageTask }
  | { readonly kind: "reply"; readonly address: Address; readonly reply: RecommendReply }
  | { readonly kind: "note"; readonly note: DispatcherNote };

/** Something worth a log line or a count. */
export interface DispatcherNote {
  readonly event:
    | "request.answered"
    | "request.degraded"
    | "request.failed"
    | "request.repeated"
    | "request.widened"
    | "route.incomplete"
    | "attempt.timeout"
    | "attempt.failed"
    | "partial.unwanted"
    | "partial.unusable";
  readonly requestId: string;
  readonly fields: Readonly<Record<string, string | number | readonly string[]>>;
}
