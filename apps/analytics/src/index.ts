export {
  type Analytics,
  type AnalyticsDependencies,
  type AnalyticsOptions,
  createAnalytics,
} from "./app.ts";
