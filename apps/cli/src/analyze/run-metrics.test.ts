import { describe, expect, it } from "vitest";
import { sampleRun } from "../../test/run-metrics-samples.ts";
import { localTime } from "./run-metrics.ts";

describe("the document of a run", () => {
  it("has the keys of the pipeline that it replaces", () => {
    expect(sampleRun()).toMatchObject({
      workflow: "Client → MapReduce → UserBehavior → Genre Analysis → Recommendation → Client",
      performance: {
        mapreduce_time: 0.34,
        userbehavior_time: 0.28,
        genre_time: 0.1,
        recommendation_time: 0.19,
        total_workflow_time: 0.81,
      },
      mapreduce_results: { top_songs: { "Sam - s2": 3, "Nina - s1": 1 } },
      userbehavior_results: {
        users: [
          { user_id: "ann", total_time: 4000, top_artist: "Nina" },
          { user_id: "ben", total_time: 90_000, top_artist: "Sam" },
        ],
        top_users: ["ben", "ann"],
      },
      genre_analysis_results: { top_genres: ["Pop", ""], genre_counts: { Pop: 3, "": 1 } },
      recommendation_results: {
        trending_songs: ["Sam - s2", "Nina - s1"],
        recommendations: { ann: ["Sam - s2"], ben: ["Nina - s1"] },
      },
    });
    expect(Object.keys(sampleRun().mapreduce_results.top_songs)).toEqual(["Sam - s2", "Nina - s1"]);
  });

  it("tells the local time with its zone", () => {
    const at = new Date("2026-11-05T10:53:00Z");
    expect(localTime(at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00[+-]\d\d:\d\d$/);
    expect(Date.parse(localTime(at))).toBe(at.getTime());
  });
});
