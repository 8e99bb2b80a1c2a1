import { ALL_TIME, BUCKET_MS, COUNTING_RULES } from "@segue/statistics/live";
import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import type { Tables } from "../sql/tables.ts";

/** In SQL what `countedMsOf` says of a play. */
export function isCounted(): Expression<SqlBool> {
  const { secondsMin, secondsMax } = COUNTING_RULES;
  const expression = expressionBuilder<Tables, "plays">();
  return expression.and([
    expression("plays.played_at", ">=", ALL_TIME.fromBucket * BUCKET_MS),
    expression("plays.played_at", "<", ALL_TIME.toBucket * BUCKET_MS),
    expression.or([
      expression("plays.seconds", "is", null),
      expression.between("plays.seconds", secondsMin, secondsMax),
    ]),
  ]);
}
