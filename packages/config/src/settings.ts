/** Every setting there is, and which program reads which. */
import { cutOf, listOf, oneOf, optionalText, portsOf, text, wholeNumber } from "./setting.ts";

const HOST_NAME = /^[A-Za-z0-9._-]+$|^\[?[0-9A-Fa-f:.]+\]?$/;

const ADDRESS = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/;
const FILE = /^[^\0]+$/;
const PORTS = { min: 0, max: 65_535 };

/** Without a URL everything is kept in an SQLite file in the data folder. */
const DATABASE_SETTINGS = {
  databaseUrl: optionalText(
    {
      variable: "SEGUE_DATABASE_URL",
      description:
        "MySQL or MariaDB database that keeps songs, plays, receipts and models. Empty: an SQLite " +
        "file in the data folder.",
      example: "mysql://segue:password@127.0.0.1:3306/segue",
      isSecret: true,
    },
    "mysql://user:password@host:port/database",
    /^mysql:\/\/[^\s/]+\/[^\s/]+$/,
  ),
  databaseTlsCa: optionalText(
    {
      variable: "SEGUE_DATABASE_TLS_CA",
      description:
        "File with the certificates that sign the database server's; given, the connection is " +
        "encrypted and the server's name checked.",
      example: "/etc/segue/database-ca.pem",
    },
    "the path of a PEM file",
    FILE,
  ),
  databaseConnectionsMax: wholeNumber(
    {
      variable: "SEGUE_DATABASE_CONNECTIONS_MAX",
      description: "Connections to the database that one process opens at most.",
      example: "8",
      fallback: "8",
    },
    { min: 2, max: 500 },
  ),
};

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
  ...DATABASE_SETTINGS,
};

/** Where the page and the REST API are served. */
const HTTP_SETTINGS = {
  httpPort: wholeNumber(
    {
      variable: "SEGUE_HTTP_PORT",
      description: "Port of the page and the REST API; 0 takes any free one.",
      example: "8080",
      fallback: "8080",
    },
    PORTS,
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
};

const HISTORY_SETTINGS = {
  playsRetentionDays: wholeNumber(
    {
      variable: "SEGUE_PLAYS_RETENTION_DAYS",
      description:
        "Days after which a play is deleted and leaves every figure; 0 keeps the history for ever.",
      example: "730",
      fallback: "0",
    },
    { min: 0, max: 36_500 },
  ),
};

const TIMING_SETTINGS = {
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
};

/** How the model is cut; the same for every process of a cluster. */
const CUT_SETTINGS = {
  stages: cutOf({
    variable: "SEGUE_STAGES",
    description:
      "Into how many stages the model's six layers are cut, or the layers of each stage.",
    example: "1-2,3-4,5-6",
    fallback: "3",
  }),
  shards: wholeNumber(
    {
      variable: "SEGUE_SHARDS",
      description: "Into how many ranges of the catalogue the last stage is cut.",
      example: "2",
      fallback: "1",
    },
    { min: 1, max: 64 },
  ),
};

const REPLICA_SETTINGS = {
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

const BUS_SETTINGS = {
  kafkaBrokers: listOf(
    {
      variable: "SEGUE_KAFKA_BROKERS",
      description:
        "Kafka brokers to ask first; they name the others. `segue api`, `dispatcher` and `compute` " +
        "need them.",
      example: "127.0.0.1:9092,127.0.0.1:9093",
      fallback: "",
    },
    "host:port addresses separated by commas",
    ADDRESS,
  ),
  kafkaReplication: wholeNumber(
    {
      variable: "SEGUE_KAFKA_REPLICATION",
      description:
        "Brokers that keep a copy of each topic. Existing topics with fewer are refused; with 3, " +
        "any one broker may die unnoticed.",
      example: "3",
      fallback: "3",
    },
    { min: 1, max: 7 },
  ),
  kafkaTls: oneOf(
    {
      variable: "SEGUE_KAFKA_TLS",
      description: "Whether connections to the brokers are encrypted.",
      example: "on",
      fallback: "off",
    },
    ["off", "on"],
  ),
  kafkaTlsCa: optionalText(
    {
      variable: "SEGUE_KAFKA_TLS_CA",
      description:
        "File with the certificates that sign the brokers'. Empty: those that Node trusts.",
      example: "/etc/segue/kafka-ca.pem",
    },
    "the path of a PEM file",
    FILE,
  ),
  kafkaSasl: oneOf(
    {
      variable: "SEGUE_KAFKA_SASL",
      description:
        "How this process proves to the brokers who it is; all but off need " +
        "SEGUE_KAFKA_USERNAME and SEGUE_KAFKA_PASSWORD.",
      example: "scram-sha-512",
      fallback: "off",
    },
    ["off", "plain", "scram-sha-256", "scram-sha-512"],
  ),
  kafkaUsername: optionalText(
    {
      variable: "SEGUE_KAFKA_USERNAME",
      description: "User name for SEGUE_KAFKA_SASL.",
      example: "segue",
    },
    "a user name",
    /^\S+$/,
  ),
  kafkaPassword: optionalText(
    {
      variable: "SEGUE_KAFKA_PASSWORD",
      description: "Password for SEGUE_KAFKA_SASL.",
      example: "correct-horse-battery-staple",
      isSecret: true,
    },
    "a password",
    /^.+$/,
  ),
};

const INSTANCE_SETTINGS = {
  instance: wholeNumber(
    {
      variable: "SEGUE_INSTANCE",
      description:
        "Number of this process among those of its role, and of its stage and shard; no two " +
        "living ones may share it. It gives the process its name and its reply partitions.",
      example: "2",
      fallback: "1",
    },
    { min: 1, max: 1_000 },
  ),
};

const OPERATIONS_SETTINGS = {
  operationsPort: wholeNumber(
    {
      variable: "SEGUE_OPERATIONS_PORT",
      description: "Port of /healthz, /readyz and /metrics; 0 takes any free one.",
      example: "9100",
      fallback: "0",
    },
    PORTS,
  ),
  operationsHost: text(
    {
      variable: "SEGUE_OPERATIONS_HOST",
      description: "Address that the operations port is opened on.",
      example: "0.0.0.0",
      fallback: "127.0.0.1",
    },
    "a host name or an IP address",
    HOST_NAME,
  ),
};

/** Where the analytics services are served, and how they count. */
const GRPC_SETTINGS = {
  grpcPorts: portsOf({
    variable: "SEGUE_GRPC_PORTS",
    description:
      "Ports of the analytics services, each of which serves all of them; 0 takes any free one. " +
      "Empty: they are not served.",
    example: "50051",
    fallback: "50051,50053,50055,50057",
  }),
  grpcHost: text(
    {
      variable: "SEGUE_GRPC_HOST",
      description:
        "Address that these ports are opened on. The default is reached from this machine alone.",
      example: "0.0.0.0",
      fallback: "127.0.0.1",
    },
    "a host name or an IP address",
    HOST_NAME,
  ),
  grpcMessageMibMax: wholeNumber(
    {
      variable: "SEGUE_GRPC_MESSAGE_MIB_MAX",
      description:
        "The largest message, in MiB, that the analytics services read; streaming calls have no " +
        "such limit on their whole.",
      example: "16",
      fallback: "64",
    },
    { min: 1, max: 1_024 },
  ),
  mapReduceThreads: wholeNumber(
    {
      variable: "SEGUE_MAPREDUCE_THREADS",
      description:
        "Worker threads that count the plays of large calls; 0 counts where the call is answered.",
      example: "4",
      fallback: "2",
    },
    { min: 0, max: 256 },
  ),
  mapReduceNodes: listOf(
    {
      variable: "SEGUE_MAPREDUCE_NODES",
      description:
        "Analytics services of other machines over which this one spreads the plays of " +
        "AggregatePlays calls. Empty: it counts them itself.",
      example: "10.0.0.2:50051,10.0.0.3:50051",
      fallback: "",
    },
    "host:port addresses separated by commas",
    ADDRESS,
  ),
};

const EMBEDDED_SETTINGS = {
  ...TOOL_SETTINGS,
  ...HTTP_SETTINGS,
  ...HISTORY_SETTINGS,
  ...TIMING_SETTINGS,
  ...CUT_SETTINGS,
  ...REPLICA_SETTINGS,
};

/** What `segue serve` reads. */
export const SERVE_SETTINGS = {
  ...EMBEDDED_SETTINGS,
  ...GRPC_SETTINGS,
  demoPlays: oneOf(
    {
      variable: "SEGUE_DEMO_PLAYS",
      description:
        "Whether the first start, which loads the demo catalogue, adds the plays of some made-up " +
        "listeners; `segue users erase --demo` removes them.",
      example: "off",
      fallback: "on",
    },
    ["off", "on"],
  ),
};

/** What `segue api` reads. */
export const API_SETTINGS = {
  ...TOOL_SETTINGS,
  ...HTTP_SETTINGS,
  ...HISTORY_SETTINGS,
  ...TIMING_SETTINGS,
  ...CUT_SETTINGS,
  ...BUS_SETTINGS,
  ...INSTANCE_SETTINGS,
  webDir: optionalText(
    {
      variable: "SEGUE_WEB_DIR",
      description: "Folder of the built page. Empty: there is only the API.",
      example: "/usr/share/segue/web",
    },
    "the path of a folder",
    FILE,
  ),
  trustedProxies: listOf(
    {
      variable: "SEGUE_TRUSTED_PROXIES",
      description:
        "Addresses of load balancers whose X-Forwarded-For tells the client's address, for the " +
        "rate limit.",
      example: "127.0.0.1,10.0.0.0/8",
      fallback: "",
    },
    "IP addresses or networks separated by commas",
    /^[0-9A-Fa-f:.]+(?:\/\d{1,3})?$/,
  ),
  drainMs: wholeNumber(
    {
      variable: "SEGUE_DRAIN_MS",
      description:
        "How long a stopping API server says that it is not ready, and goes on answering, before " +
        "it closes its port; longer than the load balancer takes to notice.",
      example: "3000",
      fallback: "1200",
    },
    { min: 0, max: 600_000 },
  ),
  clusterControl: optionalText(
    {
      variable: "SEGUE_CLUSTER_CONTROL",
      description:
        "Socket of `segue cluster up` on this machine, which sets it; with it the system page can " +
        "stop and revive processes.",
      example: ".segue/cluster/control.sock",
    },
    "the path of a socket",
    FILE,
  ),
};

/** What `segue dispatcher` reads. */
export const DISPATCHER_SETTINGS = {
  ...TOOL_SETTINGS,
  ...TIMING_SETTINGS,
  ...CUT_SETTINGS,
  ...BUS_SETTINGS,
  ...INSTANCE_SETTINGS,
  ...OPERATIONS_SETTINGS,
};

/** What `segue compute` reads. */
export const COMPUTE_SETTINGS = {
  ...TOOL_SETTINGS,
  ...CUT_SETTINGS,
  ...BUS_SETTINGS,
  ...INSTANCE_SETTINGS,
  ...OPERATIONS_SETTINGS,
  taskServiceMs: wholeNumber(
    {
      variable: "SEGUE_TASK_SERVICE_MS",
      description:
        "For tests of scaling: a compute node works on one task at a time, and each takes at least " +
        "so long.",
      example: "20",
      fallback: "0",
    },
    { min: 0, max: 10_000 },
  ),
};

/** What `segue analytics` reads. */
export const ANALYTICS_SETTINGS = {
  ...TOOL_SETTINGS,
  ...GRPC_SETTINGS,
  ...INSTANCE_SETTINGS,
  ...OPERATIONS_SETTINGS,
};

/** What `segue cluster up` reads; it passes on what its processes need. */
export const CLUSTER_SETTINGS = { ...EMBEDDED_SETTINGS, ...GRPC_SETTINGS, ...BUS_SETTINGS };

/** Programs by their name in the reference, each with what it reads. */
export const PROGRAMS = {
  serve: SERVE_SETTINGS,
  api: API_SETTINGS,
  dispatcher: DISPATCHER_SETTINGS,
  compute: COMPUTE_SETTINGS,
  analytics: ANALYTICS_SETTINGS,
  "cluster up": CLUSTER_SETTINGS,
};
