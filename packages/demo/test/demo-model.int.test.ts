// Real: the bundled checkpoint and catalogue.
import { byteSourceOfBytes, loadVocabulary, openCheckpoint } from "@segue/model";
import { describe, expect, it } from "vitest";
import { loadCatalogue } from "../src/catalogue.ts";
import { loadDemoModel } from "../src/demo-model.ts";

const BYTES_MAX = 12_000_000;

const bytes = loadDemoModel();
const checkpoint = await openCheckpoint(byteSourceOfBytes(bytes));

describe("demo model", () => {
  it("knows every song of the catalogue and no other", async () => {
    const vocabulary = await loadVocabulary(checkpoint);
    const catalogue = loadCatalogue();
    expect(vocabulary.songCount).toBe(catalogue.length);
    expect(catalogue.filter(({ id }) => vocabulary.rowFor(id) === undefined)).toEqual([]);
  });

  it("is of size S and at most 12 MB", () => {
    expect(checkpoint.manifest.size).toBe("S");
    expect(bytes.length).toBeLessThanOrEqual(BYTES_MAX);
  });

  it("tells the data, the seed and the command that it comes from", () => {
    const { dataHash, seed, command } = checkpoint.manifest;
    expect(dataHash).toMatch(/^[0-9a-f]{64}$/);
    expect(command).toContain("segue train --demo");
    expect(command).toContain(`--seed ${seed}`);
  });

  it("ranked the next song better than popularity, co-occurrence and sequential rules did", () => {
    const { network, popularity, associationRules, sequentialRules } = checkpoint.manifest.metrics;
    for (const figure of ["hr@20", "mrr@20"]) {
      for (const baseline of [popularity, associationRules, sequentialRules]) {
        expect(network?.[figure]).toBeGreaterThan(baseline?.[figure] ?? Number.NaN);
      }
    }
  });
});
