import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseServeConfig } from "./parse-config.ts";
import { renderConfigReference, renderEnvExample } from "./render-config.ts";

const inRepository = (path: string) =>
  readFile(new URL(`../../../${path}`, import.meta.url), "utf8");

describe("generated texts about settings", () => {
  test("docs/reference/config.md is what the settings say", async () => {
    expect(await inRepository("docs/reference/config.md")).toBe(renderConfigReference());
  });

  test(".env.example is what the settings say", async () => {
    expect(await inRepository(".env.example")).toBe(renderEnvExample());
  });

  test("the example file with every line uncommented is a valid environment", () => {
    const lines = renderEnvExample().matchAll(/^#(SEGUE_\w+)=(.*)$/gm);
    const environment = Object.fromEntries(
      Array.from(lines, ([, variable, value]) => [variable ?? "", value ?? ""]),
    );
    expect(Object.keys(environment)).toHaveLength(36);
    expect(parseServeConfig(environment)).toEqual(parseServeConfig({}));
  });
});
