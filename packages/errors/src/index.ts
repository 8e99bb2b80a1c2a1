export { AppError, type ErrorDetails, invariant, toAppError } from "./app-error.ts";
export { CODE_TABLE, type CodeFacts, codeFactsFor, type ErrorCode } from "./code-table.ts";
export { type Problem, toProblem } from "./problem.ts";
export { renderErrorReference } from "./render-error-reference.ts";
