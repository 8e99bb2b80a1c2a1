import { AppError } from "@segue/errors";
import { describe, expect, it } from "vitest";
import { isServiceAddress, parseAnalyzeConfig } from "./parse-analyze-config.ts";

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
      RECOMMENDATION_HOST: "[::1]",
    });
    expect(addresses).toEqual({
      mapReduce: "counts.example.org:50051",
      userBehavior: "127.0.0.1:6001",
      genreAnalysis: "[::1]:6002",
      recommendation: "[::1]:50055",
    });
    expect(parseAnalyzeConfig({ MAPREDUCE_PORT: "1" }).addresses?.recommendation).toBe(
      "127.0.0.1:50055",
    );
  });

  it.each(["0", "65536", "http", "-1", "5 5"])("refuse %j for a port", (port) => {
    const parse = () => parseAnalyzeConfig({ RECOMMENDATION_PORT: port });
    expect(parse).toThrow(AppError);
    expect(parse).toThrow("RECOMMENDATION_PORT: expected a port from 1 to 65535");
  });

  it.each([
    "http://x",
    "user@host",
    "a/b",
    "host:50051",
    "127.0.0.1#",
    "[::1",
    "::::",
    "999.1.1.1",
    " ",
  ])("refuse %j for a host", (host) => {
    const parse = () => parseAnalyzeConfig({ MAPREDUCE_HOST: host });
    expect(parse).toThrow(AppError);
    expect(parse).toThrow("MAPREDUCE_HOST: expected a host name or an IP address alone");
  });
});

describe("addresses of services", () => {
  it.each(["127.0.0.1:50051", "[::1]:1", "counts.example.org:65535", "segue_analytics-1:7000"])(
    "may be %j",
    (address) => expect(isServiceAddress(address)).toBe(true),
  );

  it.each([
    "127.0.0.1",
    "user@host:1",
    "127.0.0.1#:7100",
    "127.0.0.1?:7100",
    "http://127.0.0.1:7100",
    "host:0",
    "host:65536",
    "host:",
    ":7100",
    "::1:7100",
    "256.0.0.1:7100",
    "[1:2]:7100",
    "host:7100 ",
  ])("are not %j", (address) => expect(isServiceAddress(address)).toBe(false));
});
