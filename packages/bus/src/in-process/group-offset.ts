/** How far a consumer group has come in one partition. */
import { toAppError } from "@segue/errors";
import type { SubscribeOptions } from "../bus.ts";
import type { BusLogger } from "../bus-logger.ts";
import type { DurableLog } from "../durable-log.ts";
import type { Partition } from "./partition.ts";

/** Commits to disk are gathered for so long: a crash brings a few more records again, no fewer. */
const SAVE_DELAY_MS = 100;

export class GroupOffset {
  readonly #partition: Partition;
  readonly #save: ((nextOffset: bigint) => Promise<void>) | undefined;
  readonly #logger: BusLogger;
  #committed: bigint;
  #saving: Promise<void> | undefined;
  #delayedSave: NodeJS.Timeout | undefined;

  private constructor(
    partition: Partition,
    committed: bigint,
    save: ((nextOffset: bigint) => Promise<void>) | undefined,
    logger: BusLogger,
  ) {
    this.#partition = partition;
    this.#committed = committed;
    this.#save = save;
    this.#logger = logger;
    partition.hold(() => this.#committed);
  }

  /** A group that never committed here starts where `from` says. */
  static async open(
    group: string,
    partition: Partition,
    from: NonNullable<SubscribeOptions["from"]>,
    stored: { log: DurableLog; logger: BusLogger },
  ): Promise<GroupOffset> {
    const { topic, index, log } = partition;
    const start = from === "earliest" ? log.startOffset : log.endOffset;
    if (partition.kind !== "durable") {
      return new GroupOffset(partition, start, undefined, stored.logger);
    }
    const committed = await stored.log.committedOffset(group, topic, index);
    const save = (nextOffset: bigint) => stored.log.commit(group, topic, index, nextOffset);
    if (committed === undefined) await save(start);
    return new GroupOffset(partition, committed ?? start, save, stored.logger);
  }

  /** The next offset to handle. */
  get committed(): bigint {
    return this.#committed;
  }

  get lag(): number {
    const { startOffset, endOffset } = this.#partition.log;
    // Retention may have dropped what the group never reached.
    if (this.#committed < startOffset) return Number(endOffset - startOffset);
    return Number(endOffset - this.#committed);
  }

  commit(nextOffset: bigint): void {
    if (nextOffset <= this.#committed) return;
    this.#committed = nextOffset;
    this.#partition.forgetHandled();
    if (this.#save === undefined) return;
    this.#delayedSave ??= setTimeout(() => void this.flush(), SAVE_DELAY_MS).unref();
  }

  /** Resolves when the newest commit is stored (or could not be, which means redelivery). */
  async flush(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    if (this.#delayedSave === undefined || this.#save === undefined) return;
    clearTimeout(this.#delayedSave);
    this.#delayedSave = undefined;
    this.#saving = this.#saveNewest(this.#save);
    await this.#saving;
  }

  async #saveNewest(save: (nextOffset: bigint) => Promise<void>): Promise<void> {
    try {
      await save(this.#committed);
    } catch (thrown) {
      const { topic, index } = this.#partition;
      const error = toAppError(thrown);
      this.#logger.error({ topic, partition: index, err: error }, "bus.commit.failed");
    } finally {
      this.#saving = undefined;
    }
  }
}
