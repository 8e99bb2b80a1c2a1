/** Which program reads which settings; those of one program alone stand here too. */
import { BUS_SETTINGS } from "./groups/bus-settings.ts";
import { GRPC_SETTINGS } from "./groups/grpc-settings.ts";
import { HISTORY_SETTINGS } from "./groups/history-settings.ts";
import { HTTP_SETTINGS } from "./groups/http-settings.ts";
import { CUT_SETTINGS, REPLICA_SETTINGS, TIMING_SETTINGS } from "./groups/pipeline-settings.ts";
import {
  DRAIN_SETTINGS,
  INSTANCE_SETTINGS,
  OPERATIONS_SETTINGS,
} from "./groups/process-settings.ts";
import { TOOL_SETTINGS } from "./groups/tool-settings.ts";
import { listOf, oneOf, optionalText, wholeNumber } from "./setting.ts";
import { FILE } from "./value-forms.ts";

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
  ...DRAIN_SETTINGS,
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
  ...DRAIN_SETTINGS,
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
