import { COUNTING_RULES } from "@segue/statistics/live";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Tables } from "../sql/tables.ts";

/** In SQL what `countedMsOf` says of the length of a play. */
export function isHeard(expression: ExpressionBuilder<Tables, "plays">): Expression<SqlBool> {
  const { secondsMin, secondsMax } = COUNTING_RULES;
  return expression.or([
    expression("seconds", "is", null),
    expression.between("seconds", secondsMin, secondsMax),
  ]);
}
