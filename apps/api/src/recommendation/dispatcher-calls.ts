/**
 * Asks the dispatchers until one of them replies: another one, by another way, when the one asked
 * falls silent, cannot be reached, or takes long. Asking twice is safe: dispatchers know a request
 * by its id, and the first reply is taken.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type Bus, type BusMessage, partitionFor } from "@segue/bus";
import { type Heartbeat, type RecommendReply, TOPICS } from "@segue/contracts";
import { type Address, LeaderChoice } from "@segue/domain";
import { AppError, toAppError } from "@segue/errors";
import type { ProcessDirectory } from "../processes/process-directory.ts";
import type { ReplyInbox } from "./reply-inbox.ts";

export interface DispatcherCallsDependencies {
  readonly bus: Pick<Bus, "publish" | "leaderOf">;
  readonly inbox: Pick<ReplyInbox, "addresses" | "expect">;
  readonly directory: Pick<ProcessDirectory, "dispatchers" | "isLiving" | "isDispatcherDue">;
  /** Unix time in milliseconds, with fractions where the clock has them. */
  readonly now: () => number;
  readonly options?: Partial<DispatcherCallsOptions>;
}

export interface DispatcherCallsOptions {
  /** Times that one request is asked. */
  readonly asksMax: number;
  /** Without a reply for so long the request is asked again. */
  readonly askAgainMs: number;
  /** How long a request waits for a dispatcher that may be on its way back. */
  readonly dispatcherPatienceMs: number;
  /** A broker through which a question was lost is gone around for so long. */
  readonly leaderSuspicionMs: number;
  /** A dispatcher that let a question wait too long is asked last for so long. */
  readonly dispatcherSuspicionMs: number;
}

const DEFAULTS: DispatcherCallsOptions = {
  asksMax: 4,
  // Before the balancer's 1.5 s, or it has another server ask the same dispatcher from the start.
  askAgainMs: 1_000,
  dispatcherPatienceMs: 1_000,
  leaderSuspicionMs: 2_000,
  dispatcherSuspicionMs: 5_000,
};

/** Where the reply to one asking goes. */
export interface ReplyPlaces {
  readonly replyTo: Address;
  readonly replyToAlternate: Address;
}

export interface Call {
  readonly requestId: string;
  /** Unix time in milliseconds. */
  readonly replyByMs: number;
  /** Made anew for each asking. */
  readonly message: (places: ReplyPlaces) => Omit<BusMessage, "partition">;
}

interface Way extends ReplyPlaces {
  readonly dispatcher: string;
  readonly address: Address;
}

type Outcome =
  | { readonly kind: "replied"; readonly reply: RecommendReply }
  | { readonly kind: "unsent"; readonly error: AppError }
  | { readonly kind: "silent" | "late" | "over" };

const WATCH_MS = 50;
/** Between askings that the bus does not take, from the second on; doubles. */
const REST_MS = 100;

export class DispatcherCalls {
  readonly #dependencies: DispatcherCallsDependencies;
  readonly #options: DispatcherCallsOptions;
  readonly #leaders: LeaderChoice;
  /** When a question to the dispatcher was last late. */
  readonly #lateAtMs = new Map<string, number>();

  constructor(dependencies: DispatcherCallsDependencies) {
    const { bus, options } = dependencies;
    this.#dependencies = dependencies;
    this.#options = { ...DEFAULTS, ...options };
    this.#leaders = new LeaderChoice(
      ({ topic, partition }) => bus.leaderOf(topic, partition),
      this.#options.leaderSuspicionMs,
    );
  }

  /** The first reply. DEADLINE_EXCEEDED, or BUS_UNAVAILABLE when there is nobody to ask or no way. */
  async ask(call: Call): Promise<RecommendReply> {
    const startedAtMs = this.#dependencies.now();
    const expected = this.#dependencies.inbox.expect(call.requestId);
    try {
      const reply = await this.#askInTurn(call, expected.reply);
      if (reply !== undefined) return reply;
    } finally {
      expected.forget();
    }
    const timeoutMs = Math.round(call.replyByMs - startedAtMs);
    const message = `No dispatcher answered within ${timeoutMs} ms`;
    throw new AppError("DEADLINE_EXCEEDED", message);
  }

  /** Undefined when the time is over. */
  async #askInTurn(
    call: Call,
    reply: Promise<RecommendReply>,
  ): Promise<RecommendReply | undefined> {
    const asked = new Map<string, number>();
    let last: Way | undefined;
    for (let unsentAsks = 0, asks = 1; ; asks += 1) {
      const isLast = asks >= this.#options.asksMax;
      last = await this.#findWay(call, asked, last, reply);
      if (last === undefined) return this.#replyUntil(call.replyByMs, reply);
      asked.set(last.dispatcher, (asked.get(last.dispatcher) ?? 0) + 1);
      const outcome = await this.#askOnce(call, last, reply, isLast);
      if (outcome.kind === "replied") return outcome.reply;
      if (outcome.kind === "over") return undefined;
      if (outcome.kind === "unsent") {
        unsentAsks += 1;
        if (isLast && unsentAsks === asks) throw outcome.error;
        if (unsentAsks > 1) await pause(REST_MS * 2 ** (unsentAsks - 2));
      }
      if (isLast) return this.#replyUntil(call.replyByMs, reply);
    }
  }

  /** Resolves without a reply when the bus did not take it, the dispatcher is gone, or it takes long. */
  async #askOnce(
    call: Call,
    way: Way,
    reply: Promise<RecommendReply>,
    isLast: boolean,
  ): Promise<Outcome> {
    const { bus, directory, now } = this.#dependencies;
    const { promise: given, resolve: giveUp } = Promise.withResolvers<Outcome>();
    const { address } = way;
    const againAtMs = now() + this.#options.askAgainMs;
    const watch = setInterval(() => {
      const nowMs = now();
      if (nowMs >= call.replyByMs) giveUp({ kind: "over" });
      else if (!isLast && !directory.isLiving(way.dispatcher)) giveUp({ kind: "silent" });
      else if (!isLast && nowMs >= againAtMs) giveUp({ kind: "late" });
    }, WATCH_MS);
    // Not awaited: a bus that hangs must not outlast the deadline.
    bus
      .publish(address.topic, { ...call.message(way), partition: address.partition })
      .catch((thrown) => giveUp({ kind: "unsent", error: toAppError(thrown) }));
    try {
      const replied = reply.then((value): Outcome => ({ kind: "replied", reply: value }));
      const outcome = await Promise.race([replied, given]);
      if (outcome.kind === "unsent") this.#suspect([address]);
      if (outcome.kind === "late") {
        this.#lateAtMs.set(way.dispatcher, now());
        this.#suspect([address, way.replyTo]);
      }
      return outcome;
    } finally {
      clearInterval(watch);
    }
  }

  /** Undefined when a reply has come to an earlier asking; BUS_UNAVAILABLE when there is nobody to ask. */
  async #findWay(
    call: Call,
    asked: ReadonlyMap<string, number>,
    last: Way | undefined,
    reply: Promise<RecommendReply>,
  ): Promise<Way | undefined> {
    const { directory, now } = this.#dependencies;
    const patientUntilMs = now() + this.#options.dispatcherPatienceMs;
    const isReplied = reply.then(() => true);
    for (;;) {
      const dispatcher = this.#preferredFor(call.requestId, asked);
      if (dispatcher !== undefined) return this.#wayTo(dispatcher, last);
      if (!directory.isDispatcherDue() || now() >= Math.min(patientUntilMs, call.replyByMs)) {
        throw new AppError("BUS_UNAVAILABLE", "No dispatcher is alive; start one");
      }
      if (await Promise.race([isReplied, pause(WATCH_MS, false)])) return undefined;
    }
  }

  /** There and back by the same broker where that can be, and not by the one of last time. */
  #wayTo({ replica, topic, ownedPartitions }: Heartbeat, last: Way | undefined): Way {
    const nowMs = this.#dependencies.now();
    const { addresses } = this.#dependencies.inbox;
    const avoided = last === undefined ? undefined : this.#leaders.leaderOf(last.replyTo);
    const replyTo = this.#leaders.choose(addresses, { avoided }, nowMs);
    const preferred = this.#leaders.leaderOf(replyTo);
    const owned = ownedPartitions.map((partition) => ({
      topic: topic || TOPICS.requests,
      partition,
    }));
    const replyToAlternate = addresses.find((address) => address !== replyTo) ?? replyTo;
    const address = this.#leaders.choose(owned, { preferred, avoided }, nowMs);
    return { dispatcher: replica, address, replyTo, replyToAlternate };
  }

  async #replyUntil(
    replyByMs: number,
    reply: Promise<RecommendReply>,
  ): Promise<RecommendReply | undefined> {
    const timer = new AbortController();
    const leftMs = Math.max(0, replyByMs - this.#dependencies.now());
    const over = pause(leftMs, undefined, { signal: timer.signal }).catch(() => undefined);
    try {
      return await Promise.race([reply, over]);
    } finally {
      timer.abort();
    }
  }

  /**
   * Among those asked least, the ones in time before the late, the one that the id falls to
   * (rendezvous hashing): API servers that are asked the same thing under the same id go to the same
   * dispatcher while it lives.
   */
  #preferredFor(requestId: string, asked: ReadonlyMap<string, number>): Heartbeat | undefined {
    const { directory, now } = this.#dependencies;
    const suspectedSinceMs = now() - this.#options.dispatcherSuspicionMs;
    const isLate = (replica: string) =>
      (this.#lateAtMs.get(replica) ?? Number.NEGATIVE_INFINITY) > suspectedSinceMs;
    const rank = ({ replica }: Heartbeat): readonly [number, number, number] => [
      asked.get(replica) ?? 0,
      Number(isLate(replica)),
      -partitionFor(`${requestId}/${replica}`, HASHES),
    ];
    return directory.dispatchers().toSorted((left, right) => {
      const [a, b] = [rank(left), rank(right)];
      return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
    })[0];
  }

  #suspect(addresses: readonly Address[]): void {
    const leaders = addresses.map((address) => this.#leaders.leaderOf(address));
    this.#leaders.suspect(leaders, this.#dependencies.now());
  }
}

const HASHES = 0x7fff_ffff;
