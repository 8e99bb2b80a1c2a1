/** What every described route has in common: its answer, and problems for everything else. */
import type { ErrorCode } from "@segue/errors";
import { codeFactsFor } from "@segue/errors";
import type { z } from "zod";
import { problemSchema } from "./wire-schemas.ts";

export interface RouteFacts<Answer extends z.ZodType> {
  readonly summary: string;
  readonly tag: string;
  readonly status?: 200 | 202;
  readonly answer: Answer;
  /** Beside REQUEST_INVALID, which every call can end with. */
  readonly codes?: readonly ErrorCode[];
}

/** The `summary`, `tags` and `response` parts of a Fastify schema. */
export function describeRoute<Answer extends z.ZodType>(facts: RouteFacts<Answer>) {
  const codes: readonly ErrorCode[] = ["REQUEST_INVALID", ...(facts.codes ?? [])];
  const byStatus = Map.groupBy(codes, (code) => codeFactsFor(code).httpStatus ?? 500);
  const problems = Array.from(byStatus, ([status, those]): [number, object] => [
    status,
    {
      description: those.map((code) => `${code}: ${codeFactsFor(code).title}`).join("; "),
      content: { "application/problem+json": { schema: problemSchema } },
    },
  ]);
  const answer = {
    description: facts.status === 202 ? "Accepted: it is durable" : "The answer",
    content: { "application/json": { schema: facts.answer } },
  };
  return {
    summary: facts.summary,
    tags: [facts.tag],
    response: { [facts.status ?? 200]: answer, ...Object.fromEntries(problems) },
  };
}
