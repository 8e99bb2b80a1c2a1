export { chooseFreePort, isPortFree } from "./free-port.ts";
export { type Machine, thisMachine } from "./machine.ts";
export {
  type BalancerPlan,
  type BalancerPlanOptions,
  type GrpcPlanOptions,
  planBalancer,
} from "./plan-balancer.ts";
export { type DatabasePlan, type DatabasePlanOptions, planDatabase } from "./plan-database.ts";
export { type KafkaPlan, type KafkaPlanOptions, planKafka } from "./plan-kafka.ts";
export {
  endProcess,
  identityOf,
  isAlive,
  type ProcessIdentity,
  signalProcess,
} from "./process-identity.ts";
export { type Reaper, startReaper } from "./reaper.ts";
export type { WatchedProgram } from "./reaper-main.ts";
export type { Container, ServiceLaunch, StepListener } from "./service-launch.ts";
export {
  type ProgramEnd,
  type ProgramOptions,
  type RunningProgram,
  startProgram,
} from "./start-program.ts";
export { startService, waitUntilReady } from "./start-service.ts";
