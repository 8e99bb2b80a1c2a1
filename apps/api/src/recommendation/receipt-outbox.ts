/**
 * Sends receipts on their way to the archive. They are gathered for a moment, since each batch
 * costs one wait for the disk; an answer does not depend on them.
 */
import type { Bus } from "@segue/bus";
import { TOPICS } from "@segue/contracts";
import { toAppError } from "@segue/errors";
import type { Logger } from "@segue/telemetry";
import { type Answer, encodeReceiptRecord } from "./answer.ts";

const GATHERING_MS = 50;

export class ReceiptOutbox {
  readonly #bus: Bus;
  readonly #logger: Logger;
  #gathered: Answer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<unknown> = Promise.resolve();

  constructor({ bus, logger }: { readonly bus: Bus; readonly logger: Logger }) {
    this.#bus = bus;
    this.#logger = logger;
  }

  add(answer: Answer): void {
    this.#gathered.push(answer);
    this.#timer ??= setTimeout(() => this.#sendGathered(), GATHERING_MS);
  }

  /** Resolves when everything that was added is stored, or has failed and been logged. */
  async close(): Promise<void> {
    this.#sendGathered();
    await this.#sending;
  }

  #sendGathered(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const answers = this.#gathered;
    this.#gathered = [];
    const sent = answers.map((answer) => this.#send(answer));
    this.#sending = Promise.all([this.#sending, ...sent]);
  }

  async #send(answer: Answer): Promise<void> {
    const { requestId } = answer.receipt;
    try {
      const message = { key: requestId, value: encodeReceiptRecord(answer) };
      await this.#bus.publish(TOPICS.receipts, message);
    } catch (error) {
      this.#logger.warn({ requestId, err: toAppError(error) }, "receipt.unsent");
    }
  }
}
