// Real: the server, and a client of stock grpcio in Python. Where there is no Python with grpcio and
// none can be set up, the test says so and passes.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { findPython } from "./python/find-python.ts";
import { MIB, startTestServer } from "./start-test-server.ts";

const CLIENT = fileURLToPath(new URL("python/stock_client.py", import.meta.url));
const PROTO = fileURLToPath(new URL("../../../packages/contracts/proto", import.meta.url));

const UNARY = {
  play_counts: { "Ana - S1": 1, "Bo - S2": 1, "Di - S3": 2 },
  users: [
    ["U1", 260, "Di"],
    ["U2", 100, "Bo"],
  ],
  top_users: ["U1", "U2"],
  top_genres: ["Jazz", "Pop", ""],
  genre_counts: { Jazz: 2, Pop: 1, "": 1 },
  trending_songs: ["Di - S3", "Ana - S1", "Bo - S2"],
  recommendations: { U1: ["Ana - S1", "Bo - S2"], U2: ["Di - S3", "Ana - S1"] },
  has_times: true,
};

test("a stock Python client gets every service at every port, streams and refusals", async () => {
  const found = await findPython();
  if ("reason" in found) {
    process.stdout.write(`The Python client was NOT run: ${found.reason}\n`);
    return;
  }
  const { addresses } = await startTestServer({ ports: [0, 0, 0, 0], messageBytesMax: 2 * MIB });
  const { stdout } = await promisify(execFile)(found.python, [CLIENT, PROTO, ...addresses]);
  const said = JSON.parse(stdout) as Record<string, unknown>;
  expect(said["unary"]).toEqual([UNARY, UNARY, UNARY, UNARY]);
  expect(said["refusals"]).toEqual({
    bad_row: [
      "INVALID_ARGUMENT",
      expect.stringContaining("[REQUEST_INVALID] Record 0: duration -1 s is negative"),
    ],
    unknown: ["UNIMPLEMENTED", expect.stringContaining("music.GenreAnalysisService")],
    too_large: ["RESOURCE_EXHAUSTED", expect.stringContaining("AggregatePlays")],
  });
  expect(said["streamed"]).toEqual(
    Array.from({ length: 10 }, (_, code) => [`${code} - ${code}`, 30]),
  );
  expect(said["services"]).toContain("music.GenreAnalysisService");
});
