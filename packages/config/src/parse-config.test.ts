import { describe, expect, test } from "vitest";
import {
  describeSettings,
  parseApiConfig,
  parseComputeConfig,
  parseServeConfig,
  parseToolConfig,
} from "./parse-config.ts";

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
      databaseUrl: undefined,
      databaseTlsCa: undefined,
      databaseConnectionsMax: 8,
      httpPort: 8080,
      httpHost: "127.0.0.1",
      allowedHosts: [],
      rateLimitPerMinute: 30_000,
      playsRetentionDays: 0,
      requestDeadlineMs: 6_000,
      attemptTimeoutMs: 700,
      stages: 3,
      shards: 1,
      replicas: 1,
      grpcPorts: [50_051, 50_053, 50_055, 50_057],
      grpcHost: "127.0.0.1",
      grpcMessageMibMax: 64,
      mapReduceThreads: 2,
      mapReduceNodes: [],
      demoPlays: "on",
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
      SEGUE_GRPC_PORTS: "0, 50053,",
      SEGUE_MAPREDUCE_NODES: "10.0.0.2:50051",
      PATH: "/bin",
    });
    expect(config).toMatchObject({
      httpPort: 0,
      httpHost: "::1",
      allowedHosts: ["segue.example.org", "music.local"],
      stages: 6,
      shards: 4,
      replicas: 2,
      grpcPorts: [0, 50_053],
      mapReduceNodes: ["10.0.0.2:50051"],
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
    expect(message).toContain("SEGUE_STAGES: expected a number of stages from 1 to 6, or layers");
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

  test.each(["SEGUE_CHROMIUM", "SEGUE_E2E_ADDRESS"])(
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
    const described = describeSettings("serve", { SEGUE_SHARDS: "4" });
    expect(described).toContainEqual(["SEGUE_SHARDS", "4"]);
    expect(described).toContainEqual(["SEGUE_DATA_DIR", ".segue"]);
  });

  test("lets a tool run beside the settings of the server", () => {
    expect(parseToolConfig({ SEGUE_HTTP_PORT: "9000", SEGUE_DATA_DIR: "d" })).toEqual({
      dataDir: "d",
      logLevel: "warn",
      databaseUrl: undefined,
      databaseTlsCa: undefined,
      databaseConnectionsMax: 8,
    });
  });

  test.each([
    ["1", 1],
    ["6", 6],
    ["1-2,3-4,5-6", [2, 4]],
    ["1, 2-6", [1]],
    ["1-6", []],
  ])("reads the cut %j", (value, stages) => {
    expect(parseServeConfig({ SEGUE_STAGES: value }).stages).toEqual(stages);
  });

  test.each(["0", "7", "1-2", "1-2,4-6", "2-6", "1-3,3-6", "3-1,4-6", "1-7", "1-2;3-6", ""])(
    "does not take %j for a cut",
    (value) => {
      expect(messageOf(() => parseServeConfig({ SEGUE_STAGES: value }))).toContain(
        "SEGUE_STAGES: expected",
      );
    },
  );

  test("wants brokers for a process of a cluster", () => {
    expect(messageOf(() => parseComputeConfig({}))).toContain(
      "SEGUE_KAFKA_BROKERS: expected host:port addresses",
    );
    const environment = { SEGUE_KAFKA_BROKERS: "127.0.0.1:9092, [::1]:9093" };
    expect(parseApiConfig(environment).kafkaBrokers).toEqual(["127.0.0.1:9092", "[::1]:9093"]);
  });

  test("wants a user and a password where brokers ask for them", () => {
    const message = messageOf(() =>
      parseComputeConfig({ SEGUE_KAFKA_BROKERS: "a:1", SEGUE_KAFKA_SASL: "plain" }),
    );
    expect(message).toContain("2 problems");
    expect(message).toContain(
      "SEGUE_KAFKA_PASSWORD: expected a password, because SEGUE_KAFKA_SASL",
    );
  });

  test("lists a secret without showing it", () => {
    const described = describeSettings("api", {
      SEGUE_DATABASE_URL: "mysql://u:s3cret@h:1/d",
      SEGUE_KAFKA_BROKERS: "a:1,b:2",
    });
    expect(described).toContainEqual(["SEGUE_DATABASE_URL", "[set]"]);
    expect(described).toContainEqual(["SEGUE_KAFKA_BROKERS", "a:1,b:2"]);
    expect(described).toContainEqual(["SEGUE_KAFKA_PASSWORD", ""]);
    expect(messageOf(() => parseServeConfig({ SEGUE_DATABASE_URL: "s3cret" }))).not.toContain(
      "s3cret",
    );
  });
});
