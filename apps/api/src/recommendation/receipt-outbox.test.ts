import { queryObjects } from "node:v8";
import { createLogger } from "@segue/telemetry";
import { describe, expect, test } from "vitest";
import type { Answer } from "./answer.ts";
import { ReceiptOutbox } from "./receipt-outbox.ts";

const ANSWER: Answer = {
  songs: [],
  receipt: {
    requestId: "r-1",
    modelVersion: "v1",
    level: "full",
    reason: "",
    attempts: 1,
    totalMs: 5,
    hops: [],
    createdAtMs: 1,
    songIds: [],
    historySongIds: [],
    user: "",
    limit: 10,
    songsPerArtistMax: 0,
  },
};

function outboxOver(publish: () => Promise<void>): ReceiptOutbox {
  const destination = { write: () => {} };
  const logger = createLogger({ name: "api-1", level: "info", destination });
  return new ReceiptOutbox({ bus: { publish }, logger });
}

describe("the receipt outbox", () => {
  test("keeps nothing of what it has sent", async () => {
    const outbox = outboxOver(async () => {});
    const sendMany = async (count: number) => {
      for (let sent = 0; sent < count; sent += 1) {
        outbox.add(ANSWER);
        await outbox.close();
      }
      return queryObjects(Array, { format: "count" });
    };
    const before = await sendMany(100);
    expect((await sendMany(2_000)) - before).toBeLessThan(1_000);
  });

  test("is closed when the last send is over", async () => {
    const stored = Promise.withResolvers<void>();
    const outbox = outboxOver(() => stored.promise);
    outbox.add(ANSWER);
    let isClosed = false;
    const closing = outbox.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    stored.resolve();
    await closing;
    expect(isClosed).toBe(true);
  });
});
