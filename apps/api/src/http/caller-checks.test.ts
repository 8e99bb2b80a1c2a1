import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCallerChecks } from "./caller-checks.ts";

describe("caller checks", () => {
  test("take loopback names, named hosts, and their own page", () => {
    const { assertAllowed } = createCallerChecks(["Music.Local", "192.168.1.5", "fd00::1"]);
    for (const host of ["localhost:8080", "127.0.0.1", "[::1]:1", "music.local", "[fd00::1]:80"]) {
      assertAllowed({ host });
      assertAllowed({ host, origin: `http://${host}` });
      assertAllowed({ host, origin: `https://${host}` });
    }
    assertAllowed({ host: "192.168.1.5:8080", origin: "https://music.local" });
  });

  test("refuse every other name, however it is dressed", () => {
    const { assertAllowed } = createCallerChecks([]);
    const name = fc.domain().filter((domain) => domain !== "localhost");
    fc.assert(
      fc.property(name, fc.constantFrom("", ":8080", ".", "@localhost"), (domain, tail) => {
        expect(() => assertAllowed({ host: `${domain}${tail}` })).toThrow(/Host header/);
        expect(() => assertAllowed({ host: "localhost", origin: `https://${domain}` })).toThrow(
          /Origin header/,
        );
      }),
    );
  });

  test("refuse another port of this machine as another page", () => {
    const { assertAllowed } = createCallerChecks([]);
    const call = { host: "localhost:8080", origin: "http://localhost:3000" };
    expect(() => assertAllowed(call)).toThrow(/Origin header/);
  });
});
