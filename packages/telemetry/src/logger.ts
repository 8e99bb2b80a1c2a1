/** JSON log lines: fields first, then the name of the event, which is the line's kind. */
import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";

/** `logger.info({ requestId }, "plan.created")`; `child` adds fields to every line. */
export type Logger = PinoLogger;
export type { DestinationStream };

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** The process's role and replica, as in `api-1`. */
  readonly name: string;
  readonly level: LogLevel;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** Fields that may hold a secret, at the top of a line and one level down. */
const SECRET_FIELDS = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "apiKey",
  "databaseUrl",
];

export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    messageKey: "event",
    base: { pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[redacted]",
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
