import { TOPICS } from "@segue/contracts";
import { describe, expect, test, vi } from "vitest";
import { type ApiServerHarness, FIVE, startApi } from "./api-harness.ts";

// Real: HTTP, the bus, the database. Played: the dispatcher.

const PLAY = { user: "ada", songId: "song-7", playedAt: "2026-03-01T21:15:00Z", seconds: 187 };
const playsOf = (user: string, keys: readonly string[]) => ({
  plays: keys.map((key) => ({ ...PLAY, user, key })),
});
const erase = ({ call }: ApiServerHarness, user: string) =>
  call(`/v1/users/${encodeURIComponent(user)}`, { method: "DELETE" });

describe("erasing a user over HTTP", () => {
  test("takes plays and receipts of that user alone, and their counts", async () => {
    const api = await startApi();
    for (const user of ["ada", "bob"]) {
      await api.post("/v1/plays", playsOf(user, ["1", "2"]));
      const headers = { "x-request-id": `r-${user}` };
      await api.post("/v1/recommendations", { songs: FIVE, user }, headers);
    }
    await vi.waitFor(async () => {
      expect(await api.store.plays.playCount()).toBe(4);
      expect(await api.store.receipts.findReceipt("r-ada")).toBeDefined();
      expect(await api.store.receipts.findReceipt("r-bob")).toBeDefined();
    });
    const { status, body } = await erase(api, "ada");
    expect([status, body]).toEqual([202, { erased: "ada" }]);
    await vi.waitFor(async () => {
      expect((await api.call("/v1/users")).body).toMatchObject({
        users: [{ user: "bob", plays: 2 }],
        total: 1,
      });
      expect((await api.call("/v1/stats")).body).toMatchObject({ plays: 2, listenerCount: 1 });
      expect(await api.store.receipts.findReceipt("r-ada")).toBeUndefined();
    });
    expect((await api.call("/v1/receipts/r-ada")).status).toBe(404);
    expect((await api.call("/v1/receipts/r-bob")).status).toBe(200);
    const { recent } = (await api.call("/v1/system")).body;
    expect(JSON.stringify(recent)).not.toContain("r-ada");
  });

  test("is repeated without harm, also for nobody, and anew after new plays", async () => {
    const api = await startApi();
    for (const user of ["ada", "nobody", "Zoë / 1"]) {
      expect((await erase(api, user)).status).toBe(202);
    }
    for (const key of ["1", "2"]) {
      await api.post("/v1/plays", playsOf("ada", [key]));
      await vi.waitFor(async () => expect(await api.store.plays.playCount()).toBe(1));
      await erase(api, "ada");
      await vi.waitFor(async () => expect(await api.store.plays.playCount()).toBe(0));
    }
  });

  test("is behind plays that still wait for the database, and before those that come after", async () => {
    const api = await startApi({ withIndex: true });
    const second = await api.startAnother();
    await api.closeDatabase();
    const keys = Array.from({ length: 80 }, (_, index) => `early-${index}`);
    expect((await api.post("/v1/plays", playsOf("ada", keys))).status).toBe(202);
    expect((await erase(second, "ada")).status).toBe(202);
    expect((await api.post("/v1/plays", playsOf("ada", ["late"]))).status).toBe(202);
    expect((await api.post("/v1/plays", playsOf("bob", ["his"]))).status).toBe(202);
    // A server hears of an erasure as all do, from the topic, a moment behind its own answer.
    await vi.waitFor(async () => {
      const gone = await second.call("/v1/plays/early-7?user=ada", { method: "DELETE" });
      expect([gone.status, gone.body["code"]]).toEqual([404, "PLAY_UNKNOWN"]);
    });
    await api.reopenDatabase();
    await vi.waitFor(
      async () => {
        expect(await api.store.plays.findPlay("ada", "late")).toBeDefined();
        expect(await api.store.plays.findPlay("bob", "his")).toBeDefined();
        expect((await api.bus.lag()).find(({ lag }) => lag > 0)).toBeUndefined();
      },
      { timeout: 20_000 },
    );
    expect(await api.store.plays.playCount()).toBe(2);
  });

  test("takes receipts that are on their way", async () => {
    const api = await startApi();
    const ids = Array.from({ length: 30 }, (_, index) => `r-${index}`);
    const ask = (id: string, user: string) =>
      api.post("/v1/recommendations", { songs: FIVE, user }, { "x-request-id": id });
    await Promise.all(ids.map((id) => ask(id, "ada")));
    await erase(api, "ada");
    await ask("r-late", "ada");
    await vi.waitFor(async () => {
      expect(await api.store.receipts.findReceipt("r-late")).toBeDefined();
      const behind = (await api.bus.lag()).filter(({ topic }) => topic === TOPICS.receipts);
      expect(behind.filter(({ lag }) => lag > 0)).toEqual([]);
    });
    const kept = await Promise.all(ids.map((id) => api.store.receipts.findReceipt(id)));
    expect(kept.filter((receipt) => receipt !== undefined)).toEqual([]);
  });

  test("says what is wrong with a name, and is described", async () => {
    const { call } = await startApi();
    const long = await call(`/v1/users/${"x".repeat(201)}`, { method: "DELETE" });
    expect([long.status, long.body["code"]]).toEqual([400, "REQUEST_INVALID"]);
    const other = await call("/v1/users/ada", { method: "PUT" });
    expect([other.status, other.headers.get("allow")]).toEqual([405, "DELETE"]);
    const { paths } = (await call("/openapi.json")).body as { paths: Record<string, object> };
    expect(paths["/v1/users/{user}"]).toHaveProperty("delete.responses.202");
  });
});
