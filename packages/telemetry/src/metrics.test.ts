import { describe, expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  test("count failed requests in the latency histogram too", async () => {
    const metrics = createMetrics({ process: false });
    metrics.observeRequest({ method: "GET", route: "/v1/search", status: 200 }, 0.004);
    metrics.observeRequest({ method: "GET", route: "/v1/search", status: 503 }, 5);
    const text = await metrics.render();
    expect(text).toContain(
      'segue_http_request_seconds_count{method="GET",route="/v1/search",status="503"} 1',
    );
    expect(text).toContain(
      'segue_http_request_seconds_bucket{le="0.005",method="GET",route="/v1/search",status="200"} 1',
    );
  });

  test("count gRPC calls by their status", async () => {
    const metrics = createMetrics({ process: false });
    metrics.observeCall({ call: "music.MapReduceService/AggregateStream", code: "OK" }, 31);
    expect(await metrics.render()).toContain(
      'segue_grpc_call_seconds_count{call="music.MapReduceService/AggregateStream",code="OK"} 1',
    );
  });

  test("of two registries do not mix", async () => {
    const [first, second] = [createMetrics({ process: false }), createMetrics({ process: false })];
    first.setQueueDepth("compute-1", 3);
    expect(await first.render()).toContain('segue_queue_depth{replica="compute-1"} 3');
    expect(await second.render()).not.toContain("compute-1");
  });

  test("forget the lag of partitions that are no longer reported", async () => {
    const metrics = createMetrics({ process: false });
    metrics.setLag([{ topic: "plays.v1", partition: 0, group: "plays", lag: 4 }]);
    metrics.setLag([{ topic: "plays.v1", partition: 1, group: "plays", lag: 2 }]);
    const text = await metrics.render();
    expect(text).not.toContain('partition="0"');
    expect(text).toContain('partition="1",group="plays"} 2');
  });

  test("show breakers as numbers and forget replicas that are gone", async () => {
    const metrics = createMetrics({ process: false });
    metrics.setBreaker("compute-1", "open");
    expect(await metrics.render()).toContain(
      'segue_dispatcher_breaker_state{replica="compute-1"} 2',
    );
    metrics.forgetBreaker("compute-1");
    expect(await metrics.render()).not.toContain("compute-1");
  });

  test("of the process include memory and event-loop delay", async () => {
    const text = await createMetrics({ process: true }).render();
    expect(text).toContain("segue_process_resident_memory_bytes");
    expect(text).toContain("segue_nodejs_eventloop_lag_p99_seconds");
  });
});
