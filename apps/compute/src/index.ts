export {
  type ComputeDependencies,
  type ComputeLogger,
  type ComputeMetrics,
  type ComputeNode,
  createComputeNode,
} from "./app.ts";
