/** Puts what the core decided on the bus, each message with its request's trace. */
import { type Bus, lifeHeader } from "@segue/bus";
import { HEADERS } from "@segue/contracts";
import type { Address, DispatcherEffect, DispatcherEvent } from "@segue/domain";
import type { Logger } from "@segue/telemetry";
import { encodeReply, encodeTask } from "./pipeline-codec.ts";
import { ReplyWaiters } from "./reply-waiters.ts";

type TaskEffect = Extract<DispatcherEffect, { kind: "task" }>;
type ReplyEffect = Extract<DispatcherEffect, { kind: "reply" }>;

export interface OutboxOptions {
  readonly bus: Pick<Bus, "publish">;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly onUnsent: (event: Extract<DispatcherEvent, { kind: "unsent" }>) => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiters = new ReplyWaiters();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  async sendTask({ task, target }: TaskEffect): Promise<void> {
    const { bus, logger, now, onUnsent } = this.#options;
    const { requestId, attempt, deadlineMs } = task;
    const { address } = target;
    try {
      await bus.publish(address.topic, {
        key: requestId,
        value: encodeTask(task, target),
        headers: { ...this.#tracingHeaders(requestId), ...lifeHeader(deadlineMs - now()) },
        partition: address.partition,
      });
    } catch (error) {
      logger.warn({ requestId, attempt, target, error }, "task.unsent");
      onUnsent({ kind: "unsent", requestId, attempt, address });
    }
  }

  /** To the address, or where that cannot be reached to the alternate. */
  async sendReply(effect: ReplyEffect): Promise<void> {
    const { address, alternate, reply } = effect;
    const { requestId } = reply;
    const places = alternate === undefined ? [address] : [address, alternate];
    const value = encodeReply(reply);
    const headers = this.#tracingHeaders(requestId);
    let failure: unknown;
    for (const place of places) {
      try {
        await this.#publish(place, { key: requestId, value, headers });
        this.#waiters.settle(requestId);
        return;
      } catch (error) {
        failure = error;
        this.#options.logger.warn({ requestId, address: place, error }, "reply.unsent");
      }
    }
    this.#waiters.fail(requestId, failure);
  }

  /** Resolves when the next reply to the request has been published. */
  expectReply(requestId: string, traceparent: string | undefined): Promise<void> {
    return this.#waiters.expect(requestId, traceparent);
  }

  #publish(
    { topic, partition }: Address,
    message: { key: string; value: Uint8Array; headers: Record<string, string> },
  ): Promise<void> {
    return this.#options.bus.publish(topic, { ...message, partition });
  }

  #tracingHeaders(requestId: string): Record<string, string> {
    const traceparent = this.#waiters.traceparentOf(requestId);
    const trace = traceparent === undefined ? {} : { [HEADERS.traceparent]: traceparent };
    return { [HEADERS.requestId]: requestId, ...trace };
  }
}
