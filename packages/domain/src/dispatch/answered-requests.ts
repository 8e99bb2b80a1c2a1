/** The answers of the last while, so that a request that comes again gets the same one. */
import type { RecommendReply } from "./pipeline-messages.ts";

export interface AnsweredRequestsOptions {
  readonly windowMs: number;
  readonly countMax: number;
}

export class AnsweredRequests {
  readonly #options: AnsweredRequestsOptions;
  // In the order of their answers, so the oldest are first.
  readonly #replies = new Map<string, { readonly reply: RecommendReply; readonly atMs: number }>();

  constructor(options: AnsweredRequestsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#replies.size;
  }

  replyTo(requestId: string): RecommendReply | undefined {
    return this.#replies.get(requestId)?.reply;
  }

  remember(reply: RecommendReply, nowMs: number): void {
    this.#replies.set(reply.requestId, { reply, atMs: nowMs });
    this.forgetOld(nowMs);
  }

  forgetOld(nowMs: number): void {
    for (const [requestId, { atMs }] of this.#replies) {
      const isOld = nowMs - atMs > this.#options.windowMs;
      if (!isOld && this.#replies.size <= this.#options.countMax) return;
      this.#replies.delete(requestId);
    }
  }
}
