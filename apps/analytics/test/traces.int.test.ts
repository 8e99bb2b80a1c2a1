// Real: the server, HTTP/2. A node that takes note of what it is asked, and refuses, stands for others.
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code } from "@connectrpc/connect";
import { AnalyticsStreamService } from "@segue/contracts/analytics";
import { parseTraceparent } from "@segue/telemetry";
import { describe, expect, onTestFinished, test } from "vitest";
import { codedPlays } from "./coded-plays.ts";
import { clientOf, collected, startTestServer } from "./start-test-server.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";

/** Its address, and the `traceparent` of every call that it gets. */
async function startRefusingNode() {
  const traceparents: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    traceparents.push(request.headers["traceparent"] as string | undefined);
    const status = String(Code.Unavailable);
    response.writeHead(200, { "content-type": "application/grpc", "grpc-status": status });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, traceparents };
}

async function callOverNode(headers: Record<string, string>) {
  const node = await startRefusingNode();
  const { addresses, warnings } = await startTestServer({ nodes: [node.address] });
  const { batches, playCounts } = codedPlays(200, 100);
  const client = clientOf(AnalyticsStreamService, addresses[0]);
  const requests = (async function* () {
    for (const plays of batches) yield { plays };
  })();
  const answers = await collected(client.aggregatePlays(requests, { headers }));
  expect(answers.flatMap(({ keys }) => keys)).toHaveLength(playCounts.size);
  return { traces: node.traceparents.map((header) => parseTraceparent(header)), warnings };
}

describe("the trace of a call", () => {
  test("is its caller's, and goes on to the nodes in a span of its own", async () => {
    const { traces, warnings } = await callOverNode({
      traceparent: `00-${TRACE_ID}-${SPAN_ID}-00`,
    });
    expect(traces).toMatchObject([{ traceId: TRACE_ID, isSampled: false }]);
    expect(traces[0]?.spanId).not.toBe(SPAN_ID);
    expect(warnings).toMatchObject([{ traceId: TRACE_ID }]);
  });

  test.each([[{}], [{ traceparent: "00-nonsense" }]])(
    "begins here when the caller has none: %o",
    async (headers) => {
      const { traces, warnings } = await callOverNode(headers);
      expect(traces).toEqual([expect.objectContaining({ isSampled: true })]);
      expect(warnings).toMatchObject([{ traceId: traces[0]?.traceId }]);
    },
  );
});
