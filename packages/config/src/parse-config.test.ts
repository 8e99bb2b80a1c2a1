import { describe, expect, test } from "vitest";
import { describeSettings, parseServeConfig, parseToolConfig } from "./parse-config.ts";

const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  return "";
};

describe("config", () => {
  test("has defaults that serve this machine alone", () => {
    expect(parseServeConfig({})).toEqual({
      dataDir: ".segue",
      logLevel: "warn",
      httpPort: 8080,
      httpHost: "127.0.0.1",
      allowedHosts: [],
      rateLimitPerMinute: 30_000,
      requestDeadlineMs: 6_000,
      attemptTimeoutMs: 700,
      stages: 3,
      shards: 1,
      replicas: 1,
    });
  });

  test("reads every setting", () => {
    const config = parseServeConfig({
      SEGUE_DATA_DIR: "/var/lib/segue",
      SEGUE_LOG_LEVEL: "warn",
      SEGUE_HTTP_PORT: "0",
      SEGUE_HTTP_HOST: "::1",
      SEGUE_ALLOWED_HOSTS: "segue.example.org, music.local,",
      SEGUE_RATE_LIMIT_PER_MINUTE: "600",
      SEGUE_REQUEST_DEADLINE_MS: "2000",
      SEGUE_ATTEMPT_TIMEOUT_MS: "300",
      SEGUE_STAGES: "6",
      SEGUE_SHARDS: "4",
      SEGUE_REPLICAS: "2",
      PATH: "/bin",
    });
    expect(config).toMatchObject({
      httpPort: 0,
      httpHost: "::1",
      allowedHosts: ["segue.example.org", "music.local"],
      stages: 6,
      shards: 4,
      replicas: 2,
    });
  });

  test("tells every problem at once, with what is expected and an example", () => {
    const message = messageOf(() =>
      parseServeConfig({ SEGUE_HTTP_PORT: "http", SEGUE_STAGES: "7", SEGUE_LOG_LEVEL: "loud" }),
    );
    expect(message).toContain("3 problems");
    expect(message).toContain(
      "SEGUE_HTTP_PORT: expected a whole number from 0 to 65535, for example SEGUE_HTTP_PORT=8080",
    );
    expect(message).toContain("SEGUE_STAGES: expected a whole number from 1 to 6");
    expect(message).toContain("SEGUE_LOG_LEVEL: expected one of trace, debug");
  });

  test("never shows the value that was wrong", () => {
    const message = messageOf(() => parseServeConfig({ SEGUE_HTTP_PORT: "s3cret" }));
    expect(message).toContain("SEGUE_HTTP_PORT");
    expect(message).not.toContain("s3cret");
  });

  test.each(["", " 80", "80.0", "-1", "65536", "1e3", "0x50", "９０"])(
    "does not take %j for a port",
    (port) => {
      expect(messageOf(() => parseServeConfig({ SEGUE_HTTP_PORT: port }))).toContain(
        "SEGUE_HTTP_PORT: expected",
      );
    },
  );

  test.each(["https://segue.example.org", "a b", "x:80/"])(
    "does not take %j for a host",
    (host) => {
      expect(messageOf(() => parseServeConfig({ SEGUE_ALLOWED_HOSTS: host }))).toContain(
        "SEGUE_ALLOWED_HOSTS: expected host names",
      );
    },
  );

  test("names the nearest setting for one that does not exist", () => {
    expect(messageOf(() => parseServeConfig({ SEGUE_HTPP_PORT: "80" }))).toContain(
      "SEGUE_HTPP_PORT: there is no such setting; did you mean SEGUE_HTTP_PORT?",
    );
    expect(messageOf(() => parseToolConfig({ SEGUE_DATADIR: "x" }))).toContain(
      "did you mean SEGUE_DATA_DIR?",
    );
  });

  test.each(["SEGUE_CHROMIUM", "SEGUE_E2E_ADDRESS", "SEGUE_GRPC_PORTS"])(
    "takes %s for a variable of somebody else",
    (variable) => {
      expect(messageOf(() => parseServeConfig({ [variable]: "anything" }))).toBe("");
    },
  );

  test("wants an attempt to end before the request does", () => {
    const message = messageOf(() => parseServeConfig({ SEGUE_REQUEST_DEADLINE_MS: "500" }));
    expect(message).toContain(
      "SEGUE_ATTEMPT_TIMEOUT_MS: expected less than SEGUE_REQUEST_DEADLINE_MS (500)",
    );
  });

  test("describes each setting by its variable and the value in force", () => {
    const described = describeSettings(parseServeConfig({ SEGUE_SHARDS: "4" }));
    expect(described).toContainEqual(["SEGUE_SHARDS", "4"]);
    expect(described).toContainEqual(["SEGUE_DATA_DIR", ".segue"]);
  });

  test("lets a tool run beside the settings of the server", () => {
    expect(parseToolConfig({ SEGUE_HTTP_PORT: "9000", SEGUE_DATA_DIR: "d" })).toEqual({
      dataDir: "d",
      logLevel: "warn",
    });
  });
});
