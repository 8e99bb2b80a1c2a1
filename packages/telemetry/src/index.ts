export {
  createLogger,
  type DestinationStream,
  LOG_LEVELS,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from "./logger.ts";
export { type BreakerState, createMetrics, type LagSample, type Metrics } from "./metrics.ts";
export { isRequestId, requestIdFor } from "./request-id.ts";
export {
  parseTraceparent,
  startSpan,
  type TraceContext,
  toTraceparent,
} from "./trace-context.ts";
