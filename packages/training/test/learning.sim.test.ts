import { describe, expect, test } from "vitest";

import { Random } from "../src/random.ts";
import { sessionsFromLists } from "../src/sessions/sessions.ts";
import { train } from "../src/trainer/train.ts";
import { numberedSongs, simulateWorld } from "./simulated-sessions.ts";

const RUN = { name: "test", command: "a test", size: { embedding: 32, hidden: 32 } } as const;

describe("training on simulated sessions", () => {
  test("beats popularity and co-occurrence on later sessions", async () => {
    const { songs, sessions } = simulateWorld(1, 300, 4000);
    const { manifest } = await train({
      ...RUN,
      songs,
      sessions,
      epochsMax: 6,
      negatives: 128,
      embeddingDropout: 0.1,
      hiddenDropout: 0.1,
      learningRate: 0.005,
    });
    const { network = {}, popularity = {}, associationRules = {} } = manifest.metrics;
    expect(popularity["hr@20"]).toBeGreaterThan(0.05);
    for (const metric of ["hr@20", "mrr@20"] as const) {
      expect(network[metric]).toBeGreaterThan(2 * (popularity[metric] ?? 1));
      expect(network[metric]).toBeGreaterThan(1.1 * (associationRules[metric] ?? 1));
    }
  });

  test("learns fifty sessions by heart", async () => {
    const random = new Random(5);
    const fifty = Array.from({ length: 50 }, (_, first) => [
      first,
      ...Array.from({ length: 6 }, () => 50 + random.below(50)),
    ]);
    const lists = Array.from({ length: 40 }, () => fifty).flat();
    const { manifest } = await train({
      ...RUN,
      songs: numberedSongs(100),
      sessions: sessionsFromLists(lists),
      epochsMax: 12,
      patience: 12,
      negatives: 100,
      embeddingDropout: 0,
      hiddenDropout: 0,
      learningRate: 0.01,
    });
    expect(manifest.metrics["network"]?.["hr@1"]).toBeGreaterThan(0.95);
  });
});
