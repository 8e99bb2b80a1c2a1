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
  readonly #bus: Pick<Bus, "publish">;
  readonly #logger: Logger;
  #gathered: Answer[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Forgets each send when it is over. */
  readonly #sending = new Set<Promise<void>>();

  constructor({ bus, logger }: { readonly bus: Pick<Bus, "publish">; readonly logger: Logger }) {
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
    await Promise.all(this.#sending);
  }

  #sendGathered(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const answers = this.#gathered;
    this.#gathered = [];
    for (const answer of answers) {
      const sending = this.#send(answer).finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
    }
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
