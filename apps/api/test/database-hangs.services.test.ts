// Real: HTTP, the bus, the search index, MariaDB behind a network that is stalled and cut.
import { openMysqlStore } from "@segue/store";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createDatabase } from "../../../packages/store/test/mysql/test-database.ts";
import { type FaultProxy, startFaultProxy } from "../../../packages/testkit/src/index.ts";
import { continuationSchema } from "../src/http/wire-schemas.ts";
import { type ApiHarness, FIVE, startApi } from "./api-harness.ts";

const PLAY = { user: "ada", songId: "song-7", playedAt: "2026-03-01T21:15:00Z", seconds: 187 };

async function startOverNetwork(): Promise<{ api: ApiHarness; network: FaultProxy }> {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const url = new URL(database.url);
  const network = await startFaultProxy({ host: url.hostname, port: Number(url.port) });
  onTestFinished(() => network.close());
  url.port = String(network.port);
  const api = await startApi({
    withIndex: true,
    openDatabase: () => openMysqlStore({ url: url.href }),
  });
  onTestFinished(() => network.restore());
  return { api, network };
}

/** The answer, and how long it took. */
async function recommend(api: ApiHarness, id: string) {
  const startedAtMs = performance.now();
  const { status, body } = await api.post(
    "/v1/recommendations",
    { songs: FIVE, user: "ada" },
    { "x-request-id": id },
  );
  expect([status, body["detail"]]).toEqual([200, undefined]);
  return { ...continuationSchema.parse(body), tookMs: performance.now() - startedAtMs };
}

const degraded = async ({ call }: ApiHarness) => (await call("/readyz")).body["degraded"];

describe.each([{ kind: "stall" }, { kind: "cut" }] as const)(
  "an API server over a network to its database that is $kind",
  (condition) => {
    test("goes on recommending at once, keeps plays and receipts, and stores them when it is mended", async () => {
      const { api, network } = await startOverNetwork();
      const before = await recommend(api, "before");
      network.set(condition);
      const answers: Awaited<ReturnType<typeof recommend>>[] = [];
      await vi.waitFor(
        async () => {
          answers.push(await recommend(api, `away-${answers.length}`));
          expect(await degraded(api)).not.toEqual([]);
        },
        { timeout: 20_000, interval: 20 },
      );
      // Once it counts as away nobody waits for it.
      const atOnce = await recommend(api, "at-once");
      expect(atOnce.tookMs).toBeLessThan(1_000);
      for (const { songs, receipt, tookMs } of [...answers, atOnce]) {
        expect(songs).toEqual(before.songs);
        expect(receipt.level).toBe("full");
        expect(receipt.reason).toMatch(/last plays could not be read/);
        expect(tookMs).toBeLessThan(2_500);
      }
      const plays = Array.from({ length: 50 }, (_, index) => ({ ...PLAY, key: `p-${index}` }));
      expect((await api.post("/v1/plays", { plays })).status).toBe(202);
      network.restore();
      await vi.waitFor(
        async () => {
          expect(await degraded(api)).toEqual([]);
          for (const { key } of plays) {
            expect(await api.store.plays.findPlay("ada", key)).toBeDefined();
          }
          for (const { requestId } of answers) {
            expect(await api.store.receipts.findReceipt(requestId)).toBeDefined();
          }
        },
        { timeout: 40_000, interval: 200 },
      );
    }, 90_000);
  },
);
