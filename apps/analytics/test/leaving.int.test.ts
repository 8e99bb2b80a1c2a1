// Real: the server, HTTP/2, time.
import { Code } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus as Status } from "@segue/contracts/health";
import { GenreAnalysisService } from "@segue/contracts/music";
import { expect, test } from "vitest";
import { clientOf, startTestServer } from "./start-test-server.ts";

test("a server that stops says so first, and answers until balancers have noticed", async () => {
  const { addresses, close } = await startTestServer({ noticeMs: 1_000 });
  const analysis = clientOf(GenreAnalysisService, addresses[0]);
  const closing = close();
  expect(await clientOf(Health, addresses[0]).check({})).toMatchObject({
    status: Status.NOT_SERVING,
  });
  expect(await analysis.analyzeGenres({ records: [] })).toMatchObject({ topGenres: [] });
  await closing;
  await expect(analysis.analyzeGenres({ records: [] })).rejects.toMatchObject({
    code: Code.Unavailable,
  });
});
