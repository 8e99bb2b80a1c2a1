export {
  type CheckOptions,
  checkOutcomes,
  type Fault,
  type Finding,
  type StoredAnswer,
} from "./check/check-outcomes.ts";
export {
  countFaults,
  type FaultSummary,
  type FaultWindow,
  summarizeFault,
} from "./check/fault-summary.ts";
export { differenceBetween } from "./check/same-songs.ts";
export { type EventuallyOptions, eventually } from "./eventually.ts";
export { ask, toAnswer } from "./load/ask.ts";
export { type ClosedLoopOptions, measureThroughput, type Throughput } from "./load/closed-loop.ts";
export { type LoadOptions, type RunningLoad, startLoad } from "./load/open-loop.ts";
export type { Answer, AnsweredSong, Outcome, Question, ReceiptFacts } from "./load/outcome.ts";
export { type FaultNetwork, type Span, startFaultNetwork } from "./network/fault-network.ts";
export { type FaultProxy, startFaultProxy } from "./network/fault-proxy.ts";
export type { NetworkCondition } from "./network/network-condition.ts";
export { type Footprint, footprintOf, leaksBetween } from "./processes/footprint.ts";
export { type SeededRandom, seededRandom } from "./seeded-random.ts";
export { type GivenServices, startTestServices, type TestServices } from "./services.ts";
