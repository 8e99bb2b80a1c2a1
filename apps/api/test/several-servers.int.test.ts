// Several API servers over one bus and one database, as behind a load balancer.
import { describe, expect, test, vi } from "vitest";
import { FIVE, startApi } from "./api-harness.ts";

const RECOMMENDATIONS = "/v1/recommendations";

describe("several API servers", () => {
  test("show a receipt right after another one gave the answer", async () => {
    const first = await startApi();
    const second = await first.startAnother();
    for (let turn = 0; turn < 5; turn += 1) {
      const { body } = await first.post(RECOMMENDATIONS, { songs: FIVE });
      const { status, body: kept } = await second.call(`/v1/receipts/${body["requestId"]}`);
      expect([status, kept["songs"]]).toEqual([200, body["songs"]]);
    }
  });

  test("deny a receipt that is nowhere", async () => {
    const { call } = await startApi();
    const { status, body } = await call("/v1/receipts/nobody-s");
    expect([status, body["code"]]).toEqual([404, "RECEIPT_UNKNOWN"]);
  });

  test("give a question that is sent again to another one the answer of the first", async () => {
    const first = await startApi();
    const second = await first.startAnother();
    const headers = { "x-request-id": "sent-again" };
    const answer = await first.post(RECOMMENDATIONS, { songs: FIVE }, headers);
    await vi.waitFor(async () => {
      expect(await first.store.receipts.findReceipt("sent-again")).toBeDefined();
    });
    const again = await second.post(RECOMMENDATIONS, { songs: FIVE }, headers);
    expect(again.body).toEqual(answer.body);
    const other = { songs: FIVE, limit: 3 };
    expect((await second.post(RECOMMENDATIONS, other, headers)).status).toBe(400);
  });
});

describe("an API server behind a balancer", () => {
  const callFrom = (client: string) => ({ headers: { "x-forwarded-for": client } });

  test("limits each caller by the address that a trusted balancer tells", async () => {
    const options = { rateLimitPerMinute: 2, trustedProxies: ["127.0.0.1"] };
    const { call } = await startApi({ options });
    for (const status of [200, 200, 429]) {
      expect((await call("/v1/songs/song-1", callFrom("192.0.2.1"))).status).toBe(status);
    }
    expect((await call("/v1/songs/song-1", callFrom("192.0.2.2"))).status).toBe(200);
  });

  test("does not believe what a stranger says of where it comes from", async () => {
    const options = { rateLimitPerMinute: 2, trustedProxies: ["10.0.0.0/8"] };
    const { call } = await startApi({ options });
    const statuses = [];
    for (let client = 1; client <= 3; client += 1) {
      statuses.push((await call("/v1/songs/song-1", callFrom(`192.0.2.${client}`))).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  test("refuses to start with a proxy that is no address", async () => {
    const starting = startApi({ options: { trustedProxies: ["balancer.example"] } });
    await expect(starting).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });

  test("checks Host and Origin as the caller sent them", async () => {
    const { post } = await startApi({ options: { trustedProxies: ["127.0.0.1"] } });
    const forwarded = { "x-forwarded-host": "localhost", "x-forwarded-proto": "https" };
    const foreign = { ...forwarded, origin: "https://elsewhere.example" };
    expect((await post(RECOMMENDATIONS, { songs: FIVE }, foreign)).status).toBe(403);
    expect((await post(RECOMMENDATIONS, { songs: FIVE }, forwarded)).status).toBe(200);
  });

  test("says first that it leaves, and answers new callers until it does", async () => {
    const { api, call, post } = await startApi({ options: { drainMs: 4_000 } });
    const closing = api.close();
    const { status, body, headers } = await call("/readyz");
    expect([status, body["reasons"]]).toEqual([503, ["It is draining"]]);
    expect(headers.get("connection")).toBe("close");
    expect((await call("/healthz")).status).toBe(200);
    expect((await post(RECOMMENDATIONS, { songs: FIVE })).status).toBe(200);
    await closing;
    await expect(call("/healthz")).rejects.toThrow();
  });

  test("wants no calls while it reaches no broker", async () => {
    const { bus, call } = await startApi();
    await bus.close();
    const { status, body } = await call("/readyz");
    expect([status, body["reasons"]]).toEqual([503, ["No broker of the bus can be reached"]]);
    expect((await call("/healthz")).status).toBe(200);
  });
});
