/**
 * The metrics of one process, in a registry of its own so that several processes' parts can live
 * in one process and tests do not meet each other.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Seconds, from a bus hop to the request deadline. */
const LATENCY_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 6, 10,
];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64];

export type BreakerState = "closed" | "half-open" | "open";
const BREAKER_VALUES: Readonly<Record<BreakerState, number>> = {
  closed: 0,
  "half-open": 1,
  open: 2,
};

export interface LagSample {
  readonly topic: string;
  readonly partition: number;
  readonly group: string;
  readonly lag: number;
}

/** What a process can say of itself; each role uses its part. Durations are given in seconds. */
export interface Metrics {
  /** Every answered HTTP request, failed ones too. `route` is the pattern, never the address. */
  observeRequest(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** A recommendation by level of service, or `failed` where the service could not answer. */
  observeRecommendation(level: string, seconds: number): void;
  /** Every gRPC call that was begun. `call` is service and method, `code` a status such as `OK`. */
  observeCall(labels: { call: string; code: string }, seconds: number): void;
  /** One batch through a stage. */
  observeInference(stage: number, shard: number, seconds: number, batchSize: number): void;
  observeQueueWait(role: string, seconds: number): void;
  setQueueDepth(replica: string, depth: number): void;
  countAttempt(outcome: "answered" | "failed" | "timed-out"): void;
  countExpired(topic: string): void;
  setBreaker(replica: string, state: BreakerState): void;
  forgetBreaker(replica: string): void;
  setLag(samples: readonly LagSample[]): void;
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
}

/** With `process: true`, also memory, processor time and event-loop delay: once per process. */
export function createMetrics(options: { process: boolean }): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry, prefix: "segue_" });
  const requests = requestMetrics(registry);
  const compute = computeMetrics(registry);
  const pipeline = pipelineMetrics(registry);
  return {
    observeRequest: ({ method, route, status }, seconds) =>
      requests.seconds.observe({ method, route, status: String(status) }, seconds),
    observeRecommendation: (level, seconds) =>
      requests.recommendationSeconds.observe({ level }, seconds),
    observeCall: ({ call, code }, seconds) => requests.callSeconds.observe({ call, code }, seconds),
    observeInference: (stage, shard, seconds, batchSize) => {
      compute.seconds.observe({ stage: String(stage), shard: String(shard) }, seconds);
      compute.batch.observe({ stage: String(stage), shard: String(shard) }, batchSize);
    },
    observeQueueWait: (role, seconds) => compute.queueSeconds.observe({ role }, seconds),
    setQueueDepth: (replica, depth) => compute.queueDepth.set({ replica }, depth),
    countAttempt: (outcome) => pipeline.attempts.inc({ outcome }),
    countExpired: (topic) => pipeline.expired.inc({ topic }),
    setBreaker: (replica, state) => pipeline.breakers.set({ replica }, BREAKER_VALUES[state]),
    forgetBreaker: (replica) => pipeline.breakers.remove({ replica }),
    setLag: (samples) => {
      // Partitions that moved elsewhere must not keep their last value.
      pipeline.lag.reset();
      for (const { topic, partition, group, lag } of samples) {
        pipeline.lag.set({ topic, partition: String(partition), group }, lag);
      }
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}

function requestMetrics(registry: Registry) {
  const registers = [registry];
  return {
    seconds: new Histogram({
      name: "segue_http_request_seconds",
      help: "Time from the request's head to the end of its answer",
      labelNames: ["method", "route", "status"],
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    callSeconds: new Histogram({
      name: "segue_grpc_call_seconds",
      help: "Time of a gRPC call of the analytics services, from its first message to its end",
      labelNames: ["call", "code"],
      buckets: [...LATENCY_BUCKETS, 30, 60, 120],
      registers,
    }),
    recommendationSeconds: new Histogram({
      name: "segue_recommendation_seconds",
      help: "Time of a recommendation by level of service, or until it failed",
      labelNames: ["level"],
      buckets: LATENCY_BUCKETS,
      registers,
    }),
  };
}

function computeMetrics(registry: Registry) {
  const registers = [registry];
  return {
    seconds: new Histogram({
      name: "segue_compute_inference_seconds",
      help: "Time of one batch in a stage's worker",
      labelNames: ["stage", "shard"],
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    batch: new Histogram({
      name: "segue_compute_batch_requests",
      help: "Requests in one batch",
      labelNames: ["stage", "shard"],
      buckets: BATCH_BUCKETS,
      registers,
    }),
    queueSeconds: new Histogram({
      name: "segue_queue_wait_seconds",
      help: "Time that work waited before it was started",
      labelNames: ["role"],
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    queueDepth: new Gauge({
      name: "segue_queue_depth",
      help: "Work waiting at a replica to be started; of a dispatcher, questions not yet answered",
      labelNames: ["replica"],
      registers,
    }),
  };
}

function pipelineMetrics(registry: Registry) {
  const registers = [registry];
  return {
    attempts: new Counter({
      name: "segue_dispatcher_attempts_total",
      help: "Attempts by outcome",
      labelNames: ["outcome"],
      registers,
    }),
    expired: new Counter({
      name: "segue_bus_expired_total",
      help: "Records dropped because their deadline had passed",
      labelNames: ["topic"],
      registers,
    }),
    breakers: new Gauge({
      name: "segue_dispatcher_breaker_state",
      help: "0 closed, 1 half-open, 2 open",
      labelNames: ["replica"],
      registers,
    }),
    lag: new Gauge({
      name: "segue_bus_lag_records",
      help: "Unhandled records",
      labelNames: ["topic", "partition", "group"],
      registers,
    }),
  };
}
