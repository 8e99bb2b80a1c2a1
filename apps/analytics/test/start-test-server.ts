/** A real server on free ports, and clients that know nothing but the .proto. */
import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { onTestFinished } from "vitest";
import { type AnalyticsOptions, createAnalytics } from "../src/app.ts";

export const MIB = 1024 * 1024;

export async function startTestServer(options: Partial<AnalyticsOptions> = {}) {
  const errors: object[] = [];
  const warnings: object[] = [];
  const calls: string[] = [];
  const analytics = await createAnalytics({
    logger: {
      info: () => {},
      warn: (fields) => warnings.push(fields),
      error: (fields) => errors.push(fields),
    },
    metrics: { observeCall: ({ call, code }) => calls.push(`${call} ${code}`) },
    options: {
      host: "127.0.0.1",
      ports: [0],
      messageBytesMax: 64 * MIB,
      threads: 2,
      nodes: [],
      ...options,
    },
  });
  onTestFinished(() => analytics.close());
  return { ...analytics, errors, warnings, calls };
}

export function clientOf<Service extends DescService>(
  service: Service,
  address: string | undefined,
): Client<Service> {
  return createClient(service, createGrpcTransport({ baseUrl: `http://${address}` }));
}

/** Every message of an answer. */
export async function collected<Message>(messages: AsyncIterable<Message>): Promise<Message[]> {
  const all: Message[] = [];
  for await (const message of messages) all.push(message);
  return all;
}
