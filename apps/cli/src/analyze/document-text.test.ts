import { describe, expect, it } from "vitest";
import { documentText } from "./document-text.ts";

const textOf = (document: object) => [...documentText(document)].join("");

describe("the text of a document", () => {
  it("is JSON of the same, whatever it holds", () => {
    const document = {
      time: 1.5,
      empty: {},
      none: [],
      missing: undefined,
      nothing: null,
      list: ["a\n", { deep: { deeper: [1, { deepest: "x" }] } }],
      __proto__: null,
    };
    expect(JSON.parse(textOf(document))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it("has a line for each user", () => {
    const users = [
      { user_id: "ann", total_time: 10 },
      { user_id: "ben", total_time: 20 },
    ];
    const lines = textOf({ results: { users } }).split("\n");
    expect(lines).toContain('      {"user_id":"ann","total_time":10},');
    expect(lines).toHaveLength(9);
  });

  it("comes in pieces, however much there is", () => {
    const users = Array.from({ length: 20_000 }, (_, index) => ({ user_id: `user ${index}` }));
    const pieces = [...documentText({ results: { users } })];
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
    expect(JSON.parse(pieces.join(""))).toEqual({ results: { users } });
  });
});
