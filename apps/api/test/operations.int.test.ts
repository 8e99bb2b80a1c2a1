import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { systemSchema } from "../src/system/system-schemas.ts";
import { FIVE, firstSongs, startApi } from "./api-harness.ts";

describe("operating an API server", () => {
  test("is alive, ready, and says what it is", async () => {
    const { call } = await startApi();
    expect((await call("/healthz")).body).toMatchObject({ service: "segue" });
    const { status, body } = await call("/readyz");
    expect([status, body["ready"]]).toEqual([200, true]);
    expect(body).toMatchObject({ reasons: [], degraded: [] });
  });

  test("shows processes, lag and model version", async () => {
    const { call } = await startApi();
    await vi.waitFor(async () => {
      const { body } = await call("/v1/system");
      const { processes, lag, modelVersion } = systemSchema.parse(body);
      expect(processes.map(({ role, replica, health }) => [role, replica, health])).toEqual([
        ["api", "api-1", "ready"],
        ["dispatcher", "dispatcher-1", "ready"],
      ]);
      expect(lag.map(({ topic }) => topic)).toContain("plays.v1");
      expect(modelVersion).toBeNull();
    });
  });

  test("counts every answer by route pattern and status, failed ones too", async () => {
    const { call, post } = await startApi();
    await post("/v1/recommendations", { songs: FIVE });
    await post("/v1/recommendations", { songs: [] });
    await call("/v1/songs/song-1");
    await call("/v1/songs/nothing");
    const { body, headers } = await call("/metrics");
    expect(headers.get("content-type")).toContain("text/plain");
    const count = (method: string, route: string, status: number) =>
      `segue_http_request_seconds_count{method="${method}",route="${route}",status="${status}"} 1`;
    expect(body["text"]).toContain(count("POST", "/v1/recommendations", 200));
    expect(body["text"]).toContain(count("POST", "/v1/recommendations", 400));
    expect(body["text"]).toContain(count("GET", "/v1/songs/:id", 200));
    expect(body["text"]).toContain(count("GET", "/v1/songs/:id", 404));
    expect(body["text"]).toContain('segue_recommendation_seconds_count{level="full"} 1');
    expect(body["text"]).toContain('segue_bus_lag_records{topic="plays.v1"');
  });

  test("counts recommendations that failed, and not those that the caller got wrong", async () => {
    const { post, call, store } = await startApi();
    await post("/v1/recommendations", { songs: FIVE.slice(1) });
    expect((await call("/metrics")).body["text"]).not.toContain('level="failed"');
    await store.close();
    expect((await post("/v1/recommendations", { songs: FIVE })).status).toBe(503);
    const { body } = await call("/metrics");
    expect(body["text"]).toContain('segue_recommendation_seconds_count{level="failed"} 1');
  });

  test("writes the request id on every line and every answer", async () => {
    const { post, logLines } = await startApi();
    const headers = { "x-request-id": "line-1" };
    const answered = await post("/v1/recommendations", { songs: [] }, headers);
    expect(answered.headers.get("x-request-id")).toBe("line-1");
    const own = logLines.filter((line) => line.includes('"requestId":"line-1"'));
    expect(own.some((line) => line.includes('"event":"request.refused"'))).toBe(true);
    expect(own.some((line) => line.includes('"event":"request.done"'))).toBe(true);
    const strange = await post("/v1/recommendations", { songs: [] }, { "x-request-id": "a b" });
    expect(strange.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("limits the calls of one address and says when to come back", async () => {
    const { call } = await startApi({ options: { rateLimitPerMinute: 3 } });
    for (let calls = 0; calls < 3; calls += 1) {
      expect((await call("/v1/songs/song-1")).status).toBe(200);
    }
    const { status, body, headers } = await call("/v1/songs/song-1");
    expect([status, body["code"]]).toEqual([429, "OVERLOADED"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await call("/healthz")).status).toBe(200);
  });

  test.each([
    ["an escaped letter", (_address: string) => "/%761/songs/song-1"],
    ["the whole address", (address: string) => `${address}/v1/songs/song-1`],
  ])("limits calls that write their path as %s too", async (_name, target) => {
    const { address, port, call } = await startApi({ options: { rateLimitPerMinute: 2 } });
    const statuses: (number | undefined)[] = [];
    for (let calls = 0; calls < 3; calls += 1) statuses.push(await statusOf(port, target(address)));
    expect(statuses).toEqual([200, 200, 429]);
    expect((await call("/v1/songs/song-1")).status).toBe(429);
  });

  test("answers what it has begun before it stops, and is not ready meanwhile", async () => {
    const started = Promise.withResolvers<void>();
    const { api, call, post } = await startApi({
      responder: (request) => {
        started.resolve();
        return request.limit === 3 ? undefined : firstSongs(request);
      },
      options: { requestDeadlineMs: 800 },
    });
    const answering = post("/v1/recommendations", { songs: FIVE, limit: 3 });
    await started.promise;
    const closing = api.close();
    expect((await answering).status).toBe(200);
    const answeredAt = performance.now();
    await closing;
    expect(performance.now() - answeredAt).toBeLessThan(5_000);
    await expect(call("/healthz")).rejects.toThrow();
  });

  test("logs a caller that went away as such, and makes the answer for the next who asks", async () => {
    const { address, asked, logLines, post } = await startApi({
      responder: () => undefined,
      options: { requestDeadlineMs: 600 },
    });
    const caller = new AbortController();
    const gone = fetch(`${address}/v1/recommendations`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-request-id": "gone-1" },
      body: JSON.stringify({ songs: FIVE }),
      signal: caller.signal,
    });
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    caller.abort();
    await expect(gone).rejects.toThrow();
    await vi.waitFor(() => {
      const done = logLines.filter((line) => line.includes('"event":"request.done"'));
      expect(done.some((line) => line.includes('"status":499'))).toBe(true);
    });
    expect(logLines.some((line) => line.includes('"level":"error"'))).toBe(false);
    const again = await post("/v1/recommendations", { songs: FIVE }, { "x-request-id": "gone-1" });
    expect(again.status).toBe(200);
    expect(asked).toHaveLength(1);
  });
});

describe("the description of the API", () => {
  test("is OpenAPI 3.1 with every call, its answer and its problems", async () => {
    const { call } = await startApi();
    const { body } = await call("/openapi.json");
    expect(body["openapi"]).toBe("3.1.0");
    const paths = body["paths"] as Record<string, Record<string, unknown>>;
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(calls.toSorted((left, right) => left.localeCompare(right))).toEqual([
      "delete /v1/plays/{key}",
      "delete /v1/users/{user}",
      "get /v1/receipts/{requestId}",
      "get /v1/search",
      "get /v1/songs/{id}",
      "get /v1/stats",
      "get /v1/stats/events",
      "get /v1/stats/part",
      "get /v1/stats/review/{year}",
      "get /v1/system",
      "get /v1/trending",
      "get /v1/users",
      "get /v1/users/{user}/plays",
      "get /v1/users/{user}/review/{year}",
      "get /v1/users/{user}/stats",
      "get /v1/users/{user}/stats/part",
      "post /v1/plays",
      "post /v1/recommendations",
      "post /v1/songs/verify",
      "post /v1/system/processes/{replica}/kill",
      "post /v1/system/processes/{replica}/revive",
    ]);
    expect(paths["/v1/recommendations"]?.["post"]).toMatchObject({
      responses: {
        "200": { content: { "application/json": { schema: expect.anything() as unknown } } },
        "400": {
          content: {
            "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
          },
        },
        "429": {},
        "503": {},
        "504": {},
      },
    });
    const { schemas } = body["components"] as { schemas: Record<string, unknown> };
    expect(Object.keys(schemas).toSorted((left, right) => left.localeCompare(right))).toEqual([
      "Accepted",
      "Continuation",
      "ErasureAccepted",
      "Hop",
      "KillInput",
      "LastPlays",
      "Listener",
      "ListeningOverTime",
      "ListeningSessions",
      "Ordered",
      "PartOfListening",
      "PlayedArtist",
      "PlayedGenre",
      "PlayedSong",
      "PlayInput",
      "PlaysInput",
      "Problem",
      "QuestionInput",
      "RankedSong",
      "Receipt",
      "RecentRequest",
      "Song",
      "Songs",
      "SongsToVerifyInput",
      "Statistics",
      "StoredContinuation",
      "Streak",
      "System",
      "Trending",
      "Users",
      "YearInReview",
    ]);
  });

  test("has a page, and one about errors, under a policy without foreign scripts", async () => {
    const { call } = await startApi();
    for (const path of ["/docs", "/docs/static/swagger-initializer.js"]) {
      const { status, headers } = await call(path);
      expect(status).toBe(200);
      expect(headers.get("content-security-policy")).toContain("script-src 'self';");
    }
    const page = await call("/docs");
    expect(page.body["text"]).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
    expect((await call("/docs/errors")).body["text"]).toContain('<h2 id="TOO_FEW_SONGS">');
  });
});

describe("the page", () => {
  const withPage = async () => {
    const webFolder = await mkdtemp(join(tmpdir(), "segue-web-"));
    onTestFinished(() => rm(webFolder, { recursive: true, force: true }));
    await mkdir(join(webFolder, "assets"));
    await writeFile(join(webFolder, "index.html"), "<!doctype html><title>Segue</title>");
    await writeFile(join(webFolder, "assets", "main-abc.js"), "export {};");
    return startApi({ webFolder });
  };
  const asBrowser = { headers: { accept: "text/html,*/*;q=0.8" } };

  test("is served with a strict policy, and its hashed files for ever", async () => {
    const { call } = await withPage();
    const { status, body, headers } = await call("/", asBrowser);
    expect([status, body["text"]]).toEqual([200, "<!doctype html><title>Segue</title>"]);
    expect(headers.get("cache-control")).toBe("no-cache");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    const script = await call("/assets/main-abc.js");
    expect(script.headers.get("cache-control")).toContain("immutable");
  });

  test("answers deep links, and nothing else that is missing", async () => {
    const { call } = await withPage();
    expect((await call("/continuations/abc", asBrowser)).body["text"]).toContain("Segue");
    for (const path of ["/v1/nothing", "/assets/none.js", "/docs/nothing"]) {
      const { status, body } = await call(path, asBrowser);
      expect([path, status, body["code"]]).toEqual([path, 404, "ROUTE_UNKNOWN"]);
    }
    expect((await call("/continuations/abc")).status).toBe(404);
  });
});

/** Sends the target as it is; fetch would tidy it. */
function statusOf(port: number, target: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  get({ host: "127.0.0.1", port, path: target }, (response) => {
    response.resume();
    resolve(response.statusCode);
  }).on("error", reject);
  return promise;
}
