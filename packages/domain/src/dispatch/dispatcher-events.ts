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
  | {
      readonly kind: "heartbeat";
      readonly heartbeat: ReplicaHeartbeat;
      /** It was in the topic before this dispatcher began to listen. */
      readonly isHistory: boolean;
    }
  /** A heartbeat came of somebody who is no replica, such as this dispatcher: the bus carries them. */
  | { readonly kind: "bus-heard" }
  | { readonly kind: "farewell"; readonly replica: string }
  /** The bus did not take a task of this attempt. */
  | {
      readonly kind: "unsent";
      readonly requestId: string;
      readonly attempt: number;
      readonly address: Address;
    }
  | { readonly kind: "tick" };

export type DispatcherEffect =
  | { readonly kind: "task"; readonly target: StageTarget; readonly task: StageTask }
  | {
      readonly kind: "reply";
      readonly address: Address;
      /** For when the bus does not take it there. */
      readonly alternate?: Address | undefined;
      readonly reply: RecommendReply;
    }
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
    | "attempt.unsent"
    | "partial.unwanted"
    | "partial.unusable";
  readonly requestId: string;
  readonly fields: Readonly<Record<string, string | number | readonly string[]>>;
}
