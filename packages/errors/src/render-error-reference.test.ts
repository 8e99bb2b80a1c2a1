import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { CODE_TABLE } from "./code-table.ts";
import { renderErrorReference } from "./render-error-reference.ts";

const reference = () =>
  readFile(new URL("../../../docs/reference/errors.md", import.meta.url), "utf8");

describe("docs/reference/errors.md", () => {
  test("explains every code of the table, and no other", async () => {
    const explained = Array.from((await reference()).matchAll(/^## (\w+)$/gm), ([, code]) => code);
    expect(explained).toEqual(Object.keys(CODE_TABLE));
  });

  test("is what the table says", async () => {
    expect(await reference()).toBe(renderErrorReference());
  });
});
