/** The logs of the processes: bounded, and readable from their ends. */
import {
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";

const SUFFIX = ".log";
/** Of one file; the one before it is kept beside it. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;
const TAIL_BYTES_MAX = 256 * 1024;

/** Names of the processes that have a log, in the order of people: api-2 before api-10. */
export function loggedReplicas(logFolder: string): readonly string[] {
  return logFiles(logFolder)
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
}

/** The supervisor's own, which goes on from one to the next. */
export const SUPERVISOR_LOG = "supervisor";

/** Begins new files; those of the last time stay readable as `<replica>.log.1`. */
export function rotateLogs(logFolder: string): void {
  for (const name of logFiles(logFolder)) {
    if (name === `${SUPERVISOR_LOG}${SUFFIX}`) continue;
    const file = join(logFolder, name);
    if (statSync(file).size > 0) renameSync(file, `${file}.1`);
  }
}

/** The writers go on in the same file, which they append to. */
export function boundLogs(logFolder: string, bytesMax: number = LOG_BYTES_MAX): void {
  for (const name of logFiles(logFolder)) {
    const file = join(logFolder, name);
    if (statSync(file).size <= bytesMax) continue;
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
  }
}

export interface LogTail {
  readonly lines: readonly string[];
  /** Where the next read goes on. */
  readonly offset: number;
}

/** At most `count` whole lines from the end; none of a file that is not there. */
export function tailLog(file: string, count: number): LogTail {
  const size = sizeOf(file);
  const start = Math.max(0, size - TAIL_BYTES_MAX);
  const { lines, offset } = readLogFrom(file, start);
  // The first one may have begun before.
  const whole = start === 0 ? lines : lines.slice(1);
  return { lines: count === 0 ? [] : whole.slice(-count), offset };
}

/** The whole lines since `offset`; from the start when the file has become shorter. */
export function readLogFrom(file: string, offset: number): LogTail {
  const size = sizeOf(file);
  if (size === 0) return { lines: [], offset: 0 };
  const start = size < offset ? 0 : offset;
  const bytes = readRange(file, start);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end === 0) return { lines: [], offset: start };
  const whole = bytes.toString("utf8", 0, end);
  return { lines: whole.trimEnd().split("\n"), offset: start + end };
}

function logFiles(logFolder: string): readonly string[] {
  try {
    return readdirSync(logFolder).filter((name) => name.endsWith(SUFFIX));
  } catch {
    return [];
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readRange(file: string, start: number): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - start));
    const count = readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.subarray(0, count);
  } finally {
    closeSync(descriptor);
  }
}
