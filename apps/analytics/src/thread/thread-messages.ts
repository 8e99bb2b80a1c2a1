/** What the thread that serves tells the one that started it; the other way there is only "close". */
import type { ErrorCode } from "@segue/errors";
import type { AnalyticsLogger } from "../analytics-logger.ts";
import type { ObserveCall } from "../server/around-calls.ts";

export type ThreadMessage =
  | { readonly kind: "listening"; readonly addresses: readonly string[] }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string }
  | {
      readonly kind: "call";
      readonly labels: Parameters<ObserveCall>[0];
      readonly seconds: number;
    }
  | {
      readonly kind: "log";
      readonly level: keyof AnalyticsLogger;
      readonly fields: object;
      readonly event: string;
    };

export const CLOSE = "close";
