import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { planBalancer, startService, waitUntilReady } from "@segue/local-services";
import { eventually } from "@segue/testkit";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../test/stand-in.ts";

// Real: HAProxy with the configuration that we ship. The servers behind it misbehave on purpose.

type Conduct = "answers" | "hangs" | "ends" | "resets" | "drains";

interface Seen {
  readonly server: string;
  readonly id: string | undefined;
  readonly client: string | undefined;
  readonly host: string | undefined;
  readonly body: string;
}

interface Server {
  readonly name: string;
  readonly address: string;
  conduct: Conduct;
  stop(): void;
}

const CONFIGURATION = new URL("../../../../deploy/haproxy.cfg", import.meta.url);
const SONGS = JSON.stringify({ songs: ["a", "b", "c", "d", "e"] });

let seen: Seen[];
let servers: Server[];
let balancer: string;

async function startServer(name: string): Promise<Server> {
  const http = createServer((request, response) => {
    if (request.method === "GET") {
      const isDraining = server.conduct === "drains" && request.url === "/readyz";
      response.statusCode = isDraining ? 503 : 200;
      response.end();
      return;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => void parts.push(part));
    request.on("end", () => {
      const { host, "x-request-id": id, "x-forwarded-for": client } = request.headers;
      const body = Buffer.concat(parts).toString();
      seen.push({ server: name, id: String(id), client: String(client), host, body });
      if (server.conduct === "ends") request.socket.end();
      else if (server.conduct === "resets") request.socket.resetAndDestroy();
      else if (server.conduct !== "hangs") response.end(name);
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const stop = () => {
    http.closeAllConnections();
    http.close();
  };
  onTestFinished(stop);
  const address = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: Server = { name, address, conduct: "answers", stop };
  return server;
}

async function ask(init: RequestInit = {}): Promise<{ status: number; text: string; ms: number }> {
  const startedAt = performance.now();
  const response = await fetch(`${balancer}/v1/recommendations`, {
    method: "POST",
    body: SONGS,
    ...init,
  });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt };
}

/** Asks until the balancer has given it to a server that misbehaves first. */
async function askUntilRetried(init: RequestInit = {}) {
  return eventually(
    async () => {
      seen = [];
      const answer = await ask(init);
      return seen.length > 1 ? answer : undefined;
    },
    { timeoutMs: 30_000, everyMs: 1, what: "a call that was sent twice" },
  );
}

beforeEach(async () => {
  seen = [];
  servers = await Promise.all(["one", "two", "three"].map(startServer));
  const folder = temporaryFolder();
  const { launch, address } = await planBalancer({
    folder,
    apis: servers.map((server) => server.address),
    configurationTemplate: await readFile(CONFIGURATION, "utf8"),
  });
  const program = await startService(launch, { logFile: join(folder, "log") });
  onTestFinished(async () => void (await program.stop(0)));
  await waitUntilReady(launch, program, 20_000);
  balancer = address;
});

function conduct(...conducts: readonly Conduct[]): void {
  for (const [index, server] of servers.entries()) server.conduct = conducts[index] ?? "answers";
}

describe("the balancer's configuration", () => {
  it("stamps one request id where the caller gave none, and hands on who called by which name", async () => {
    await ask();
    await ask({ headers: { "x-request-id": "mine" } });
    expect(seen[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen[1]?.id).toBe("mine");
    expect(seen[0]).toMatchObject({
      client: "127.0.0.1",
      host: new URL(balancer).host,
      body: SONGS,
    });
  });

  it.each(["ends", "resets"] as const)(
    "asks another server, with the same id and body, when one %s without an answer",
    async (misconduct) => {
      conduct(misconduct, misconduct, "answers");
      const { status, text } = await askUntilRetried();
      expect({ status, text }).toEqual({ status: 200, text: "three" });
      expect(new Set(seen.map(({ id }) => id)).size).toBe(1);
      expect(seen.every(({ body }) => body === SONGS)).toBe(true);
      expect(new Set(seen.map(({ server }) => server)).size).toBe(seen.length);
    },
  );

  it("asks another server after 1.5 s of silence, also with the largest body", async () => {
    conduct("hangs", "hangs", "answers");
    const body = "x".repeat(1024 * 1024);
    const { status, ms } = await askUntilRetried({ body });
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(1_450);
    expect(ms).toBeLessThan(5_000);
    expect(seen.every((call) => call.body.length === body.length)).toBe(true);
  });

  it("gives up after 6 s of silence, with a problem document", async () => {
    conduct("hangs", "hangs", "hangs");
    const { status, text, ms } = await ask();
    expect(status).toBe(504);
    expect(JSON.parse(text)).toMatchObject({ status: 504, code: "DEADLINE_EXCEEDED" });
    expect(ms).toBeGreaterThan(5_900);
    expect(seen).toHaveLength(4);
  });

  it("sends nothing to a server that drains, within a second", async () => {
    conduct("drains", "answers", "answers");
    await eventually(
      async () => {
        seen = [];
        for (let call = 0; call < 6; call += 1) await ask();
        return seen.some(({ server }) => server === "one") ? undefined : true;
      },
      { timeoutMs: 1_000, what: "the others to do its work" },
    );
  });

  it("asks the servers all the same when none is ready", async () => {
    conduct("drains", "drains", "drains");
    for (const until = performance.now() + 1_500; performance.now() < until; ) {
      expect((await ask()).status).toBe(200);
    }
  });

  it("answers with a problem document when no server lives", async () => {
    for (const server of servers) server.stop();
    const problem = await eventually(
      async () => {
        const response = await fetch(balancer, { headers: { "x-request-id": "mine" } });
        return response.status === 503 ? response : undefined;
      },
      { timeoutMs: 20_000, what: "503" },
    );
    expect(problem.headers.get("content-type")).toBe("application/problem+json");
    expect(problem.headers.get("x-request-id")).toBe("mine");
    expect(await problem.json()).toMatchObject({ status: 503, code: "BUS_UNAVAILABLE" });
  });
});
