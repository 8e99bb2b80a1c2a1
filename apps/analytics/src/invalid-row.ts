import { AppError } from "@segue/errors";

/**
 * REQUEST_INVALID for one place of a request.
 * @param where the place in words, such as "Record 3"
 * @param field the place as a path, such as `records[3].duration`
 * @param problem the rest of the sentence, with what to do
 */
export function invalidRow(where: string, field: string, problem: string): AppError {
  return new AppError("REQUEST_INVALID", `${where}: ${problem}`, {
    details: { violations: [{ field, description: problem }] },
  });
}
