import { apiVersionsV3 } from "@platformatic/kafka";
import { startFaultProxy } from "@segue/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { BrokerLink } from "../src/kafka/broker-link.ts";
import { eventually } from "./contract/bench.ts";
import { brokersUnderTest } from "./kafka-brokers.ts";

/** A link to a real broker through a proxy that can cut it, and what the link told. */
async function openLink() {
  const [host = "", port] = brokersUnderTest()[0]?.split(":") ?? [];
  const proxy = await startFaultProxy({ host, port: Number(port) });
  onTestFinished(() => proxy.close());
  const told: string[] = [];
  const link = new BrokerLink({
    clientName: "link",
    address: { host: "127.0.0.1", port: proxy.port },
    security: {},
    connectTimeoutMs: 2_000,
    requestTimeoutMs: 2_000,
    onFailure: (how) => told.push(how),
    onAnswer: () => told.push("answer"),
    onDoubt: () => told.push("doubt"),
  });
  onTestFinished(() => link.close());
  const ask = () => link.request(apiVersionsV3.api, "segue", "1");
  return { link, proxy, told, ask };
}

describe("a link to a broker", () => {
  test("is closed when it was not used for a while, and opened again when it is", async () => {
    const { link, proxy, told, ask } = await openLink();
    await ask();
    link.closeUnusedSince(performance.now() - 10_000);
    expect(proxy.counts().open).toBe(1);
    link.closeUnusedSince(performance.now());
    await eventually(() => expect(proxy.counts().open).toBe(0));
    await ask();
    expect(proxy.counts().accepted).toBe(2);
    expect(told).toEqual(["answer", "answer"]);
  });

  test("that ends while nothing is asked casts a doubt on the broker, and no more", async () => {
    const { proxy, told, ask } = await openLink();
    await ask();
    proxy.set({ kind: "cut" });
    await eventually(() => expect(told).toEqual(["answer", "doubt"]));
    await expect(ask()).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    expect(told).toEqual(["answer", "doubt", "broken"]);
  });
});
