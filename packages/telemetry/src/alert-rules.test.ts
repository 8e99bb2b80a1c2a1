import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

const inRepository = (path: string) =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const rules = inRepository("deploy/prometheus/alerts.yaml");
const alerts = Array.from(rules.matchAll(/- alert: (\w+)/g), ([, name]) => name ?? "");

describe("alert rules", () => {
  test("ask for metrics that there are", async () => {
    const exported = await createMetrics({ process: true }).render();
    const asked = new Set(rules.match(/\bsegue_[a-z0-9_]+/g));
    expect(asked.size).toBeGreaterThan(5);
    for (const name of asked) {
      expect(exported).toContain(`# TYPE ${name.replace(/_(?:bucket|count|sum)$/, "")} `);
    }
  });

  test("are each explained to the operator, and no other is", () => {
    const headings = inRepository("docs/operating/alarms.md").matchAll(/^## (Segue\w+)$/gm);
    expect(new Set(Array.from(headings, ([, name]) => name))).toEqual(new Set(alerts));
  });
});
