/** One member's connection to an in-process broker. */
import { AppError } from "@segue/errors";
import type {
  Bus,
  BusMessage,
  PartitionLag,
  ReadOptions,
  SubscribeOptions,
  Subscription,
  TopicSpec,
} from "../bus.ts";
import type { Broker } from "./broker.ts";

interface KillableSubscription extends Subscription {
  kill(): void;
}

export class InProcessBus implements Bus {
  readonly #broker: Broker;
  readonly #clientName: string;
  readonly #subscriptions = new Set<KillableSubscription>();
  #isClosed = false;

  constructor(broker: Broker, clientName: string) {
    this.#broker = broker;
    this.#clientName = clientName;
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#assertOpen();
    await this.#broker.ensureTopics(specs);
  }

  async partitionCount(topic: string): Promise<number> {
    this.#assertOpen();
    return this.#broker.partitionCount(topic);
  }

  /** One broker serves everything for as long as the connection lives. */
  leaderOf(): string | undefined {
    return this.#isClosed ? undefined : "in-process";
  }

  async publish(topic: string, message: BusMessage): Promise<void> {
    this.#assertOpen();
    await this.#broker.publish(topic, message);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    this.#assertOpen();
    const subscription = await this.#broker.subscribe(options, () => {
      this.#subscriptions.delete(subscription);
    });
    this.#subscriptions.add(subscription);
    if (this.#isClosed) await this.#abandon(subscription);
    return subscription;
  }

  async read(options: ReadOptions): Promise<Subscription> {
    this.#assertOpen();
    const subscription = this.#broker.read(options, () => {
      this.#subscriptions.delete(subscription);
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async lag(): Promise<readonly PartitionLag[]> {
    this.#assertOpen();
    return this.#broker.lag();
  }

  async close(): Promise<void> {
    // Handlers under way may still publish: the connection closes behind them.
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    this.#isClosed = true;
  }

  /** Ends as a crash of the process would: handlers are cut off, nothing more is committed or sent. */
  kill(): void {
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) subscription.kill();
    this.#subscriptions.clear();
  }

  /** The connection ended while the group was being joined. */
  async #abandon(subscription: KillableSubscription): Promise<never> {
    await subscription.close();
    throw this.#closedError();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw this.#closedError();
  }

  #closedError(): AppError {
    return new AppError(
      "BUS_UNAVAILABLE",
      `The bus connection of ${this.#clientName} is closed; connect again`,
    );
  }
}
