import { AppError } from "@segue/errors";
import { describe, expect, it } from "vitest";
import { parseAnalyzeConfig } from "./parse-analyze-config.ts";

describe("settings of segue analyze", () => {
  it("name no service when no variable does", () => {
    expect(parseAnalyzeConfig({ PATH: "/bin", MAPREDUCE_HOST: "" })).toEqual({
      addresses: undefined,
      resultsDir: "results",
    });
    expect(parseAnalyzeConfig({ RESULTS_DIR: "/srv/out" }).resultsDir).toBe("/srv/out");
  });

  it("take the usual port, or this machine, for what is not said", () => {
    const { addresses } = parseAnalyzeConfig({
      MAPREDUCE_HOST: "counts.example.org",
      USERBEHAVIOR_PORT: "6001",
      GENRE_ANALYSIS_HOST: "::1",
      GENRE_ANALYSIS_PORT: "6002",
    });
    expect(addresses).toEqual({
      mapReduce: "counts.example.org:50051",
      userBehavior: "127.0.0.1:6001",
      genreAnalysis: "[::1]:6002",
      recommendation: "127.0.0.1:50055",
    });
  });

  it.each(["0", "65536", "http", "-1", "5 5"])("refuse %j for a port", (port) => {
    const parse = () => parseAnalyzeConfig({ RECOMMENDATION_PORT: port });
    expect(parse).toThrow(AppError);
    expect(parse).toThrow("RECOMMENDATION_PORT: expected a port from 1 to 65535");
  });
});
