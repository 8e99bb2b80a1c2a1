/** The one translation of whatever a call throws into a gRPC status with its details. */
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema } from "@segue/contracts/error-details";
import { type AppError, codeFactsFor, toAppError } from "@segue/errors";

/** What is wrong and where, in the `violations` of an error's details. */
export interface Violation {
  /** Such as `records[3].duration`. */
  readonly field: string;
  readonly description: string;
}

export function toConnectError(thrown: unknown): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = toAppError(thrown);
  return new ConnectError(textOf(error), codeOf(error), undefined, detailsOf(error), error);
}

/** A code of the table that never reaches a gRPC caller is a mistake of ours there. */
function codeOf(error: AppError): Code {
  return codeFactsFor(error.code).grpcStatus ?? Code.Internal;
}

/** The text of an INTERNAL error stays inside: it may carry paths or data. */
function textOf(error: AppError): string {
  if (codeOf(error) !== Code.Internal) return `[${error.code}] ${error.message}`;
  return "[INTERNAL] Something went wrong inside Segue; its operator finds it in the log.";
}

function detailsOf(error: AppError) {
  const violations = violationsOf(error);
  const info = {
    desc: ErrorInfoSchema,
    value: { reason: error.code, domain: "segue", metadata: {} },
  };
  if (violations.length === 0) return [info];
  return [info, { desc: BadRequestSchema, value: { fieldViolations: [...violations] } }];
}

function violationsOf(error: AppError): readonly Violation[] {
  const { violations } = error.details;
  return Array.isArray(violations) ? (violations as readonly Violation[]) : [];
}
