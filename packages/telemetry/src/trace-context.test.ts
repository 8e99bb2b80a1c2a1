import { describe, expect, test } from "vitest";
import { parseTraceparent, startSpan, toTraceparent } from "./trace-context.ts";

const VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

describe("trace context", () => {
  test("reads and writes the W3C header", () => {
    const context = parseTraceparent(VALID);
    expect(context).toEqual({
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
      isSampled: true,
    });
    expect(context && toTraceparent(context)).toBe(VALID);
  });

  test("reads what a later version adds", () => {
    expect(parseTraceparent(`01${VALID.slice(2)}-more`)).toMatchObject({ isSampled: true });
  });

  test.each([
    undefined,
    "",
    "nonsense",
    `ff${VALID.slice(2)}`,
    `${VALID}-more`,
    VALID.toUpperCase(),
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${"0".repeat(16)}-01`,
  ])("does not accept %j", (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test("a new span keeps its parent's trace, and without one starts another", () => {
    const parent = startSpan(undefined);
    const child = startSpan(parent);
    expect(child.traceId).toBe(parent.traceId);
    expect(child.spanId).not.toBe(parent.spanId);
    expect(startSpan(undefined).traceId).not.toBe(parent.traceId);
    expect(parseTraceparent(toTraceparent(child))).toEqual(child);
  });
});
