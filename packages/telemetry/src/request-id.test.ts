import { describe, expect, test } from "vitest";
import { requestIdFor } from "./request-id.ts";

describe("request id", () => {
  test.each(["r", "A-1_b.c", "x".repeat(64)])("keeps %s", (offered) => {
    expect(requestIdFor(offered)).toBe(offered);
  });

  test.each([undefined, "", "x".repeat(65), "a b", "a\nb", "é", "a/b", "a,b"])(
    "replaces %j by a new one",
    (offered) => {
      const first = requestIdFor(offered);
      expect(first).toMatch(/^[0-9a-f-]{36}$/);
      expect(requestIdFor(offered)).not.toBe(first);
    },
  );
});
