import { wholeNumber } from "../setting.ts";

export const HISTORY_SETTINGS = {
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
