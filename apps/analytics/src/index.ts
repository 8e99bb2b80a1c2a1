export {
  type Analytics,
  type AnalyticsDependencies,
  type AnalyticsMetrics,
  type AnalyticsOptions,
  createAnalytics,
} from "./app.ts";
export { startAnalyticsThread } from "./thread/start-analytics-thread.ts";
