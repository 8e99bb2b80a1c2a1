export {
  createDispatcher,
  type Dispatcher,
  type DispatcherDependencies,
  type DispatcherLogger,
  type DispatcherMetrics,
} from "./app.ts";
