/** Calls into a worker thread as promises; the other side is `answerCalls`. */
import { Worker } from "node:worker_threads";
import { AppError } from "@segue/errors";

import type { CallMessage, ReplyMessage, ThreadCalls } from "./thread-messages.ts";

type ReplyOf<Calls extends ThreadCalls, Name extends keyof Calls> = Awaited<
  ReturnType<Calls[Name]>
>;

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class CallableThread<Calls extends ThreadCalls> {
  /** Resolves when the thread is gone, however it went. */
  readonly exited: Promise<void>;
  readonly #worker: Worker;
  readonly #pending = new Map<number, PendingCall>();
  #nextCallId = 1;
  #lastError: unknown;
  #isGone = false;

  constructor(entry: URL, workerData: unknown) {
    this.#worker = new Worker(entry, { workerData });
    this.#worker.on("message", (reply: ReplyMessage) => this.#settle(reply));
    this.#worker.on("error", (error: unknown) => {
      this.#lastError = error;
    });
    this.exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#isGone = true;
        this.#rejectAll();
        resolve();
      });
    });
  }

  /** Rejects with SEARCH_UNAVAILABLE when the thread ends before it answers. */
  call<Name extends keyof Calls & string>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReplyOf<Calls, Name>> {
    if (this.#isGone) return Promise.reject(this.#goneError());
    const callId = this.#nextCallId;
    this.#nextCallId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(callId, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ callId, name, args } satisfies CallMessage);
    });
  }

  /** Ends the thread at once; calls under way are rejected. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
    await this.exited;
  }

  #settle(reply: ReplyMessage): void {
    const pending = this.#pending.get(reply.callId);
    this.#pending.delete(reply.callId);
    if (reply.failure === undefined) {
      pending?.resolve(reply.value);
      return;
    }
    const { message, sqliteCode } = reply.failure;
    pending?.reject(
      Object.assign(new Error(message), sqliteCode === undefined ? {} : { errcode: sqliteCode }),
    );
  }

  #rejectAll(): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(this.#goneError());
  }

  #goneError(): AppError {
    return new AppError("SEARCH_UNAVAILABLE", "The search thread ended; try again in a second.", {
      cause: this.#lastError,
    });
  }
}
