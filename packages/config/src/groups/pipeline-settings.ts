/** How long a recommendation may take, and how the model that makes it is cut and copied. */
import { cutOf, wholeNumber } from "../setting.ts";

export const TIMING_SETTINGS = {
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
export const CUT_SETTINGS = {
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

export const REPLICA_SETTINGS = {
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
