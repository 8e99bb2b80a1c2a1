import { connect } from "node:net";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ApiHarness, FIVE, startApi } from "./api-harness.ts";

/** Sends bytes over a socket of its own and gives back what came until the end. */
function sendRaw(port: number, bytes: string | Buffer, endAfterMs = 15_000): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("close", () => resolve(received));
  socket.on("error", () => resolve(received));
  socket.setTimeout(endAfterMs, () => socket.destroy());
  socket.write(bytes);
  onTestFinished(() => void socket.destroy());
  return promise;
}

const head = (line: string, ...headers: string[]) =>
  `${[line, "Host: localhost", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`;

async function expectAlive({ post }: ApiHarness): Promise<void> {
  expect((await post("/v1/recommendations", { songs: FIVE })).status).toBe(200);
}

describe("hostile bytes", () => {
  test("that are no HTTP get a problem and the connection's end", async () => {
    const api = await startApi();
    const garbage = [
      "\0\x01\x02 garbage\r\n\r\n",
      "GET\r\n\r\n",
      "HELO localhost\r\n\r\n",
      "\x16\x03\x01\x02",
    ];
    for (const bytes of garbage) {
      const answer = await sendRaw(api.port, bytes);
      expect(answer.slice(0, 12)).toBe("HTTP/1.1 400");
      expect(answer).toContain("application/problem+json");
    }
    await expectAlive(api);
  });

  test("with an overlong address or header get 431", async () => {
    const api = await startApi();
    const long = "x".repeat(40_000);
    for (const bytes of [
      head(`GET /v1/search?q=${long} HTTP/1.1`),
      head("GET / HTTP/1.1", `X-Long: ${long}`),
    ]) {
      const answer = await sendRaw(api.port, bytes);
      expect(answer.slice(0, 12)).toBe("HTTP/1.1 431");
      expect(answer).toContain('"code":"REQUEST_INVALID"');
    }
    await expectAlive(api);
  });

  test("that come too slowly are dropped with 408, and others are served meanwhile", async () => {
    const api = await startApi({ options: { receiveTimeoutMs: 1_500 } });
    const length = "Content-Length: 100";
    const slowHead = sendRaw(api.port, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    const slowBody = sendRaw(
      api.port,
      head("POST /v1/songs/verify HTTP/1.1", length, "Content-Type: application/json"),
    );
    await expectAlive(api);
    for (const answer of await Promise.all([slowHead, slowBody])) {
      expect(answer.slice(0, 12)).toBe("HTTP/1.1 408");
    }
    await expectAlive(api);
  });

  test("in an address are 4xx", async () => {
    const api = await startApi();
    const paths = [
      "/%",
      "/%E0%A4%A",
      "/v1/songs/%00",
      "/v1/songs/%ED%A0%80",
      "//",
      "/v1/songs/..%2f..%2fetc",
      "*",
    ];
    for (const path of paths) {
      const answer = await sendRaw(api.port, head(`GET ${path} HTTP/1.1`));
      expect([path, answer.slice(0, 10)]).toEqual([path, "HTTP/1.1 4"]);
      expect(answer).toContain("application/problem+json");
    }
    await expectAlive(api);
  });
});

describe("hostile bodies", () => {
  const refused: [string, string, Record<string, string>?][] = [
    ["nothing", ""],
    ["broken JSON", '{"songs":['],
    ["a prototype", '{"songs":[],"__proto__":{"isAdmin":true}}'],
    ["a constructor", '{"constructor":{"prototype":{"x":1}},"songs":[]}'],
    ["deep nesting", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["deep nesting inside", `{"songs":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
    ["null", "null"],
    ["a number", "42"],
    ["an array", "[]"],
    ["songs of the wrong type", '{"songs":"song-1"}'],
    ["song ids of the wrong type", '{"songs":[1,2,3,4,5]}'],
    ["song ids that are objects", '{"songs":[{},{},{},{},{}]}'],
    ["a NUL in an id", '{"songs":["a\\u0000","b","c","d","e"]}'],
    ["half a surrogate pair", '{"songs":["\\ud800","b","c","d","e"]}'],
    ["an empty id", '{"songs":["","b","c","d","e"]}'],
    ["a huge number", '{"songs":["a","b","c","d","e"],"limit":1e999}'],
    ["a limit as text", '{"songs":["a","b","c","d","e"],"limit":"20"}'],
    ["a user that is a list", '{"songs":["a","b","c","d","e"],"user":[]}'],
    ["a form", "songs=1", { "content-type": "application/x-www-form-urlencoded" }],
    ["plain text", "{}", { "content-type": "text/plain" }],
    ["an unreadable content type", "{}", { "content-type": ";;;" }],
    ["XML", "<a/>", { "content-type": "text/xml" }],
  ];

  test("are refused with a problem, whatever is wrong with them", async () => {
    const api = await startApi();
    for (const [what, body, headers] of refused) {
      for (const path of ["/v1/recommendations", "/v1/songs/verify", "/v1/plays"]) {
        const answer = await api.post(path, body, headers);
        expect([what, path, Math.floor(answer.status / 100)]).toEqual([what, path, 4]);
        expect(answer.headers.get("content-type")).toContain("application/problem+json");
        expect(answer.body["status"]).toBe(answer.status);
      }
    }
    expect(api.asked).toEqual([]);
    await expectAlive(api);
  });

  test("that are too large are 413, and of another type 415", async () => {
    const api = await startApi();
    const huge = JSON.stringify({ songs: FIVE, more: "x".repeat(10 * 1024 * 1024) });
    const large = await api.post("/v1/recommendations", huge);
    expect([large.status, large.body["code"]]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    const form = await api.post("/v1/plays", "a=b", { "content-type": "text/plain" });
    expect([form.status, form.body["code"]]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    await expectAlive(api);
  });

  test("of any shape never end in 5xx", async () => {
    const api = await startApi();
    const id = fc.oneof(fc.constantFrom(...FIVE), fc.string({ unit: "binary" }), fc.jsonValue());
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          songs: fc.oneof(fc.array(id, { maxLength: 8 }), fc.jsonValue()),
          limit: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
          user: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()),
          plays: fc.array(
            fc.record(
              {
                key: fc.string({ unit: "binary" }),
                user: fc.string(),
                songId: id,
                title: fc.jsonValue(),
                playedAt: fc.oneof(
                  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
                  fc.jsonValue(),
                ),
                seconds: fc.oneof(fc.double(), fc.jsonValue()),
              },
              { requiredKeys: [] },
            ),
            { maxLength: 3 },
          ),
        },
        { requiredKeys: [] },
      ),
    );
    const path = fc.constantFrom("/v1/recommendations", "/v1/songs/verify", "/v1/plays");
    await fc.assert(
      fc.asyncProperty(path, body, async (where, what) => {
        const answer = await api.post(where, what);
        expect(answer.status).toBeLessThan(500);
        expect(answer.status === 200 || answer.status === 202).toBe(!("code" in answer.body));
      }),
      { numRuns: 150 },
    );
  });
});

describe("methods that an address does not take", () => {
  test("are 405 and told which it takes", async () => {
    const { call } = await startApi();
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS", "GET"]) {
      const { status, body, headers } = await call("/v1/recommendations", { method });
      expect([method, status, body["code"]]).toEqual([method, 405, "ROUTE_UNKNOWN"]);
      expect(headers.get("allow")).toBe("POST");
    }
    expect((await call("/v1/trending", { method: "HEAD" })).status).toBe(200);
    expect((await call("/v1/nothing", { method: "POST" })).status).toBe(404);
  });
});

describe("callers from elsewhere", () => {
  const ask = (port: number, ...headers: string[]) =>
    sendRaw(
      port,
      `GET /v1/trending HTTP/1.1\r\nConnection: close\r\n${headers.join("\r\n")}\r\n\r\n`,
    );
  const statusOf = (answer: string) => Number(answer.slice(9, 12));

  test("by a name that is not ours are refused", async () => {
    const api = await startApi({ options: { allowedHosts: ["segue.example.org", "fd00::1"] } });
    const allowed = [
      "localhost",
      `127.0.0.1:${api.port}`,
      "[::1]:80",
      "LOCALHOST",
      "segue.example.org",
      "[fd00::1]:8080",
    ];
    for (const host of allowed) {
      expect([host, statusOf(await ask(api.port, `Host: ${host}`))]).toEqual([host, 200]);
    }
    const foreign = [
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "a@localhost",
      "localhost/x",
      "",
    ];
    for (const host of foreign) {
      const answer = await ask(api.port, `Host: ${host}`);
      expect([host, statusOf(answer)]).toEqual([host, 403]);
      expect(answer).toContain('"code":"UNAUTHENTICATED"');
    }
    expect(statusOf(await ask(api.port))).toBe(400);
  });

  test("from another page are refused, and from our own are served", async () => {
    const api = await startApi({ options: { allowedHosts: ["segue.example.org"] } });
    const host = `Host: localhost:${api.port}`;
    const own = [`http://localhost:${api.port}`, "https://segue.example.org"];
    for (const origin of own) {
      expect([origin, statusOf(await ask(api.port, host, `Origin: ${origin}`))]).toEqual([
        origin,
        200,
      ]);
    }
    for (const origin of ["null", "http://localhost:1", "http://evil.example", "garbage"]) {
      expect([origin, statusOf(await ask(api.port, host, `Origin: ${origin}`))]).toEqual([
        origin,
        403,
      ]);
    }
    expect(
      statusOf(await ask(api.port, host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")),
    ).toBe(403);
    expect(
      statusOf(await ask(api.port, host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")),
    ).toBe(200);
  });
});
