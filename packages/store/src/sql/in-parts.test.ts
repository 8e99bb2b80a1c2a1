import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inParts, inPartsByBytes } from "./in-parts.ts";

const MIB = 1024 * 1024;

describe("rows cut into parts", () => {
  it("are all there, in order, whatever their number and size", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6 * MIB), { maxLength: 1_200 }), (sizes) => {
        const rows = sizes.map((bytes, at) => ({ at, bytes }));
        expect([...inParts(rows)].flat()).toEqual(rows);
        const parts = [...inPartsByBytes(rows, ({ bytes }) => bytes)];
        expect(parts.flat()).toEqual(rows);
        for (const part of parts) {
          const bytes = part.reduce((total, row) => total + row.bytes, 0);
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(500);
          if (part.length > 1) expect(bytes).toBeLessThanOrEqual(4 * MIB);
        }
      }),
    );
  });
});
