/** What a process of a cluster is called, where it tells how it fares, and how it leaves. */
import { text, wholeNumber } from "../setting.ts";
import { HOST_NAME, PORTS } from "../value-forms.ts";

export const INSTANCE_SETTINGS = {
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

export const OPERATIONS_SETTINGS = {
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

/** Of those behind a load balancer. */
export const DRAIN_SETTINGS = {
  drainMs: wholeNumber(
    {
      variable: "SEGUE_DRAIN_MS",
      description:
        "How long a stopping API server or analytics process says that it is not ready, and goes " +
        "on answering, before it closes its ports; longer than the load balancer takes to notice.",
      example: "3000",
      fallback: "1200",
    },
    { min: 0, max: 600_000 },
  ),
};
