export {
  describeSettings,
  type Environment,
  parseServeConfig,
  parseToolConfig,
  type ServeConfig,
  type ToolConfig,
} from "./parse-config.ts";
export { renderConfigReference, renderEnvExample } from "./render-config.ts";
