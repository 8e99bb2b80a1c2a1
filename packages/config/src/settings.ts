/** Every setting there is, and which program reads which. */
import { listOf, oneOf, text, wholeNumber } from "./setting.ts";

const HOST_NAME = /^[A-Za-z0-9._-]+$|^\[?[0-9A-Fa-f:.]+\]?$/;

/** What every `segue` command reads. */
export const TOOL_SETTINGS = {
  dataDir: text(
    {
      variable: "SEGUE_DATA_DIR",
      description: "Folder that holds everything Segue keeps: database, models, search index.",
      example: "/var/lib/segue",
      fallback: ".segue",
    },
    "the path of a folder",
    /^[^\0]+$/,
  ),
  logLevel: oneOf(
    {
      variable: "SEGUE_LOG_LEVEL",
      description: "The least important kind of log line that is written.",
      example: "debug",
      fallback: "warn",
    },
    ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
  ),
};

/** What `segue serve` reads. */
export const SERVE_SETTINGS = {
  ...TOOL_SETTINGS,
  httpPort: wholeNumber(
    {
      variable: "SEGUE_HTTP_PORT",
      description: "Port of the page and the REST API; 0 takes any free one.",
      example: "8080",
      fallback: "8080",
    },
    { min: 0, max: 65_535 },
  ),
  httpHost: text(
    {
      variable: "SEGUE_HTTP_HOST",
      description:
        "Address that the port is opened on. The default is reached from this machine alone.",
      example: "0.0.0.0",
      fallback: "127.0.0.1",
    },
    "a host name or an IP address",
    HOST_NAME,
  ),
  allowedHosts: listOf(
    {
      variable: "SEGUE_ALLOWED_HOSTS",
      description:
        "Names, beside localhost and the loopback addresses, by which browsers and clients may " +
        "call this server (Host and Origin headers).",
      example: "segue.example.org,music.local",
      fallback: "",
    },
    "host names separated by commas, without scheme and port",
    HOST_NAME,
  ),
  rateLimitPerMinute: wholeNumber(
    {
      variable: "SEGUE_RATE_LIMIT_PER_MINUTE",
      description: "Calls to the REST API that one client address may make in a minute.",
      example: "600",
      fallback: "30000",
    },
    { min: 1, max: 10_000_000 },
  ),
  requestDeadlineMs: wholeNumber(
    {
      variable: "SEGUE_REQUEST_DEADLINE_MS",
      description: "A recommendation is answered within this many milliseconds, or not at all.",
      example: "6000",
      fallback: "6000",
    },
    { min: 100, max: 60_000 },
  ),
  attemptTimeoutMs: wholeNumber(
    {
      variable: "SEGUE_ATTEMPT_TIMEOUT_MS",
      description:
        "A route that has not answered after this many milliseconds is given up for another; " +
        "less than SEGUE_REQUEST_DEADLINE_MS.",
      example: "700",
      fallback: "700",
    },
    { min: 10, max: 60_000 },
  ),
  stages: wholeNumber(
    {
      variable: "SEGUE_STAGES",
      description: "Into how many stages the model's six layers are cut.",
      example: "3",
      fallback: "3",
    },
    { min: 1, max: 6 },
  ),
  shards: wholeNumber(
    {
      variable: "SEGUE_SHARDS",
      description: "Into how many ranges of the catalogue the last stage is cut.",
      example: "2",
      fallback: "1",
    },
    { min: 1, max: 64 },
  ),
  replicas: wholeNumber(
    {
      variable: "SEGUE_REPLICAS",
      description: "How many compute nodes serve each stage and shard.",
      example: "2",
      fallback: "1",
    },
    { min: 1, max: 16 },
  ),
};
