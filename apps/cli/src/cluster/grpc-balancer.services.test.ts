import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { MapReduceService } from "@segue/contracts/music";
import {
  chooseFreePort,
  planBalancer,
  type RunningProgram,
  startService,
  waitUntilReady,
} from "@segue/local-services";
import { eventually } from "@segue/testkit";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { serverWith } from "../../test/analytics-stand-ins.ts";
import { temporaryFolder } from "../../test/stand-in.ts";

// Real: HAProxy with the configurations that we ship. Servers that say their name stand behind it.

const API_CONFIGURATION = new URL("../../../../deploy/haproxy.cfg", import.meta.url);
const GRPC_CONFIGURATION = new URL("../../../../deploy/haproxy-analytics.cfg", import.meta.url);
const NAMES = ["one", "two"] as const;

interface Node {
  readonly address: string;
  /** Where it says whether it is ready. */
  readonly operationsPort: number;
  isReady: boolean;
}

let nodes: Readonly<Record<(typeof NAMES)[number], Node>>;
let addresses: readonly string[];
let balancer: RunningProgram;

async function startNode(name: string): Promise<Node> {
  const address = await serverWith((router) =>
    router.service(MapReduceService, { aggregateStream: () => ({ playCounts: { [name]: 1 } }) }),
  );
  const operations = createServer((_, response) => {
    response.statusCode = node.isReady ? 200 : 503;
    response.end();
  });
  operations.listen(0, "127.0.0.1");
  await once(operations, "listening");
  onTestFinished(() => void operations.close());
  const { port } = operations.address() as AddressInfo;
  const node: Node = { address, operationsPort: port, isReady: true };
  return node;
}

beforeEach(async () => {
  nodes = { one: await startNode("one"), two: await startNode("two") };
  const folder = temporaryFolder();
  const ports = [await chooseFreePort(`${folder} a`), await chooseFreePort(`${folder} b`)];
  const plan = await planBalancer({
    folder,
    apis: ["127.0.0.1:1"],
    configurationTemplate: await readFile(API_CONFIGURATION, "utf8"),
    grpc: {
      ports,
      servers: NAMES.map((name) => nodes[name]),
      configurationTemplate: await readFile(GRPC_CONFIGURATION, "utf8"),
    },
  });
  balancer = await startService(plan.launch, { logFile: join(folder, "log") });
  onTestFinished(async () => void (await balancer.stop(0)));
  await waitUntilReady(plan.launch, balancer, 20_000);
  addresses = plan.grpcAddresses;
  expect(addresses).toEqual(ports.map((port) => `127.0.0.1:${port}`));
});

async function nameFrom(address: string): Promise<string | undefined> {
  const transport = createGrpcTransport({ baseUrl: `http://${address}` });
  const answer = await createClient(MapReduceService, transport).aggregateStream({});
  return Object.keys(answer.playCounts)[0];
}

async function namesFrom(address: string): Promise<ReadonlySet<string | undefined>> {
  const names = new Set<string | undefined>();
  for (let call = 0; call < 10; call += 1) names.add(await nameFrom(address));
  return names;
}

describe("the balancer before the analytics services", () => {
  it("spreads the calls of every port over the servers", async () => {
    for (const address of addresses) expect(await namesFrom(address)).toEqual(new Set(NAMES));
  });

  it("gives no calls to a server that says that it stops", async () => {
    nodes.one.isReady = false;
    const [address = ""] = addresses;
    await expect.poll(() => namesFrom(address), { timeout: 10_000 }).toEqual(new Set(["two"]));
  });

  it("tells a gRPC client that no server is ready, and what to do", async () => {
    for (const name of NAMES) nodes[name].isReady = false;
    const [address = ""] = addresses;
    const error = await eventually(
      () => nameFrom(address).then(() => undefined, ConnectError.from),
      { timeoutMs: 10_000, what: "a refusal" },
    );
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toMatch(/No analytics process is ready .* call again/);
  });
});
