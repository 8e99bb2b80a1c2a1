/** The process that runs the test looks at itself. */
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { footprintOf, leaksBetween } from "./footprint.ts";

const BOUNDS = { residentFactor: 1.2, residentBytesMore: 0, socketsMore: 2 };
const MEBIBYTE = 1_048_576;

describe("the footprint of a process", () => {
  it("counts its memory and its sockets", async () => {
    const before = await footprintOf(process.pid);
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const during = await footprintOf(process.pid);
    server.close();
    expect(before.residentBytes).toBeGreaterThan(10 * MEBIBYTE);
    expect(during.sockets - before.sockets).toBe(1);
  });

  it("leaks when it holds more than the bounds allow", () => {
    const before = { residentBytes: 100 * MEBIBYTE, sockets: 10, files: 20 };
    const within = { residentBytes: 119 * MEBIBYTE, sockets: 12, files: 30 };
    const beyond = { residentBytes: 130 * MEBIBYTE, sockets: 13, files: 30 };
    expect(leaksBetween(before, within, BOUNDS)).toEqual([]);
    expect(leaksBetween(before, beyond, BOUNDS)).toEqual([
      "memory 100 MiB -> 130 MiB",
      "sockets 10 -> 13",
    ]);
  });
});
