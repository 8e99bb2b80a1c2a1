import { describe, expect, test } from "vitest";
import { createProxyTrust } from "./trusted-proxies.ts";

describe("trust in proxies", () => {
  test.each([
    [["127.0.0.1"], "127.0.0.1", true],
    [["127.0.0.1"], "::ffff:127.0.0.1", true],
    [["127.0.0.1"], "127.0.0.2", false],
    [["10.0.0.0/8", "::1"], "10.200.3.4", true],
    [["10.0.0.0/8", "::1"], "11.0.0.1", false],
    [["10.0.0.0/8", "::1"], "::1", true],
    [["fd00::/8"], "fd12::1", true],
    [[], "127.0.0.1", false],
    [["127.0.0.1"], "unknown", false],
  ])("%j and %s: %j", (proxies, address, isTrusted) => {
    expect(createProxyTrust(proxies)(address)).toBe(isTrusted);
  });

  test.each(["balancer.example", "1.2.3", "10.0.0.0/33", "10.0.0.0/x", ""])(
    "refuses %j",
    (proxy) => {
      expect(() => createProxyTrust([proxy])).toThrow(/no address or range/);
    },
  );
});
