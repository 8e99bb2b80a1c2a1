/** W3C trace context (https://www.w3.org/TR/trace-context/), version 00. */
import { randomBytes } from "node:crypto";

export interface TraceContext {
  /** 32 hexadecimal digits, the same for every hop. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the caller's part of the trace. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;

/** Undefined when the header is missing or not a valid one: the trace then starts here. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(header ?? "") ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined) return undefined;
  const isMalformed = version === "ff" || (version === "00" && rest !== undefined);
  if (isMalformed || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags ?? "00", 16) & 1) === 1 };
}

export function toTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** A new span: of the parent's trace, or of a new one that is sampled. */
export function startSpan(parent: TraceContext | undefined): TraceContext {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    isSampled: parent?.isSampled ?? true,
  };
}
