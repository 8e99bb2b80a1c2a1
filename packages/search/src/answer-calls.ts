/** The inner side of a callable thread: runs one call after the other and sends what it returned. */
import { parentPort } from "node:worker_threads";
import { invariant } from "@segue/errors";

import type { CallMessage, ReplyMessage, ThreadCalls } from "./thread-messages.ts";

export function answerCalls(calls: ThreadCalls): void {
  const port = parentPort;
  invariant(port !== null, "a callable thread runs in a worker");
  port.on("message", ({ callId, name, args }: CallMessage) => {
    port.postMessage(replyTo(calls, callId, name, args));
  });
}

function replyTo(
  calls: ThreadCalls,
  callId: number,
  name: string,
  args: readonly unknown[],
): ReplyMessage {
  try {
    const call = calls[name];
    invariant(call !== undefined, `the thread knows the call ${name}`);
    const value: unknown = call(...args);
    return { callId, value };
  } catch (error) {
    return { callId, failure: toFailure(error) };
  }
}

// The properties of an error beside its message do not survive the way between threads.
function toFailure(error: unknown): NonNullable<ReplyMessage["failure"]> {
  if (!(error instanceof Error)) return { message: String(error), sqliteCode: undefined };
  const sqliteCode = "errcode" in error ? Number(error.errcode) : undefined;
  return { message: error.message, sqliteCode };
}
