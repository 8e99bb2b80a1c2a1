/** Puts what the core decided on the bus, each message with its request's trace. */
import { type Bus, lifeHeader } from "@segue/bus";
import { HEADERS } from "@segue/contracts";
import type { Address, RecommendReply, StageTarget, StageTask } from "@segue/domain";
import type { Logger } from "@segue/telemetry";
import { encodeReply, encodeTask } from "./pipeline-codec.ts";
import { ReplyWaiters } from "./reply-waiters.ts";

export class Outbox {
  readonly #bus: Bus;
  readonly #partialsTo: Address;
  readonly #logger: Pick<Logger, "warn" | "error">;
  readonly #now: () => number;
  readonly #waiters = new ReplyWaiters();

  constructor(
    bus: Bus,
    partialsTo: Address,
    logger: Pick<Logger, "warn" | "error">,
    now: () => number,
  ) {
    this.#now = now;
    this.#bus = bus;
    this.#partialsTo = partialsTo;
    this.#logger = logger;
  }

  /** A task that could not be sent is one more that brings no answer: its attempt times out. */
  async sendTask(task: StageTask, target: StageTarget): Promise<void> {
    const { requestId, deadlineMs } = task;
    try {
      await this.#bus.publish(target.address.topic, {
        key: requestId,
        value: encodeTask(task, target, this.#partialsTo),
        headers: { ...this.#tracingHeaders(requestId), ...lifeHeader(deadlineMs - this.#now()) },
        partition: target.address.partition,
      });
    } catch (error) {
      this.#logger.warn({ requestId, target, error }, "task.unsent");
    }
  }

  async sendReply(reply: RecommendReply, address: Address): Promise<void> {
    const { requestId } = reply;
    try {
      await this.#bus.publish(address.topic, {
        key: requestId,
        value: encodeReply(reply),
        headers: this.#tracingHeaders(requestId),
        partition: address.partition,
      });
      this.#waiters.settle(requestId);
    } catch (error) {
      this.#logger.error({ requestId, address, error }, "reply.unsent");
      this.#waiters.fail(requestId, error);
    }
  }

  /** Resolves when the next reply to the request has been published. */
  expectReply(requestId: string, traceparent: string | undefined): Promise<void> {
    return this.#waiters.expect(requestId, traceparent);
  }

  #tracingHeaders(requestId: string): Record<string, string> {
    const traceparent = this.#waiters.traceparentOf(requestId);
    const trace = traceparent === undefined ? {} : { [HEADERS.traceparent]: traceparent };
    return { [HEADERS.requestId]: requestId, ...trace };
  }
}
