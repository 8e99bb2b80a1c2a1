export {
  ANALYTICS_SERVICES,
  type AnalyzeConfig,
  isServiceAddress,
  parseAnalyzeConfig,
  type ServiceAddresses,
} from "./parse-analyze-config.ts";
export {
  type AnalyticsConfig,
  type ApiConfig,
  type ClusterConfig,
  type ComputeConfig,
  type DispatcherConfig,
  describeSettings,
  type Environment,
  PROGRAM_NAMES,
  type Program,
  parseAnalyticsConfig,
  parseApiConfig,
  parseClusterConfig,
  parseComputeConfig,
  parseDispatcherConfig,
  parseServeConfig,
  parseToolConfig,
  type ServeConfig,
  type ToolConfig,
} from "./parse-config.ts";
export { renderConfigReference, renderEnvExample } from "./render-config.ts";
export { stageCountOf } from "./setting.ts";
