export { createLogger, type Logger } from "./logger.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { isRequestId, requestIdFor } from "./request-id.ts";
export { parseTraceparent, startSpan, type TraceContext, toTraceparent } from "./trace-context.ts";
