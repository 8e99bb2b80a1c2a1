/** Documents of runs, for tests of what is done with them. */
import type { RunMetrics } from "../src/analyze/run-metrics.ts";
import { runMetricsOf } from "../src/analyze/run-metrics.ts";

const AT = new Date("2026-11-05T10:53:00Z");

/** Two songs of two artists, two listeners, one bad row. */
export function sampleRun(): RunMetrics {
  return runMetricsOf(
    {
      analysis: {
        songs: { keys: ["Nina - s1", "Sam - s2"], counts: [1, 3], processingSeconds: 0.34 },
        users: {
          ids: ["ann", "ben"],
          totalSeconds: [4000, 90_000],
          topArtists: ["Nina", "Sam"],
          topUsers: ["ben", "ann"],
          processingSeconds: 0.28,
        },
        genres: { names: ["Pop", ""], counts: [3, 1], processingSeconds: 0.1 },
        artists: { names: ["Sam", "Nina"], counts: [3, 1], processingSeconds: 0.1 },
        recommendations: {
          trending: ["Sam - s2", "Nina - s1"],
          users: ["ann", "ben"],
          recommended: [0b01, 0b10],
          processingSeconds: 0.19,
        },
      },
      playCount: 4,
      badRows: {
        count: 1,
        byReason: { duration: 1 },
        first: [{ file: "plays.csv", line: 3, reason: "duration", text: "has no duration" }],
      },
      timesRead: 1,
      times: {
        readSeconds: 0.5,
        totalSeconds: 0.81,
        roundTripSeconds: {
          mapReduce: 0.6,
          userBehavior: 0.6,
          genreAnalysis: 0.6,
          recommendation: 0.2,
        },
      },
    },
    ["plays.csv"],
    AT,
  );
}
