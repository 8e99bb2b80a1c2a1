import { LIMIT_MAX } from "@segue/domain";
import { InvalidArgumentError } from "commander";

/** A count from 1 to 100, as the API takes it. */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${LIMIT_MAX}.`);
  }
  return limit;
}
