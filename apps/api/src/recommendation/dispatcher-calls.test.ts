// Real: the in-process bus, heartbeats, the directory, the inbox. Played by the test: dispatchers
// that record what they are asked and reply when they are told to, and brokers that refuse.
import {
  type Bus,
  createInProcessBroker,
  type Heartbeats,
  type InProcessBroker,
  type InProcessBus,
  startHeartbeats,
} from "@segue/bus";
import {
  create,
  fromBinary,
  pipelineTopics,
  RecommendReplySchema,
  type RecommendRequest,
  RecommendRequestSchema,
  TOPICS,
  toBinary,
} from "@segue/contracts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ProcessDirectory } from "../processes/process-directory.ts";
import { DispatcherCalls, type DispatcherCallsOptions } from "./dispatcher-calls.ts";
import { ReplyInbox } from "./reply-inbox.ts";

const REPLY_MS = 5_000;
/** Longer than questions and tests live: what waits for it fails. */
const NEVER_MS = 60_000;

let broker: InProcessBroker;
let client: InProcessBus;
let dispatchers: PlayedDispatcher[];

beforeEach(async () => {
  broker = createInProcessBroker();
  client = broker.connect("client");
  await client.ensureTopics(pipelineTopics({ stageCount: 1, shardCount: 1 }));
  dispatchers = [];
});
afterEach(async () => {
  for (const dispatcher of dispatchers) dispatcher.die();
  await client.close();
});

class PlayedDispatcher {
  readonly replica: string;
  readonly asked: RecommendRequest[] = [];
  willReply = true;
  readonly #bus: InProcessBus;
  readonly #heartbeats: Heartbeats;

  constructor(replica: string, partitions: readonly number[]) {
    this.replica = replica;
    this.#bus = broker.connect(replica);
    const startedAtMs = Date.now();
    this.#heartbeats = startHeartbeats({
      bus: this.#bus,
      replica,
      describe: () => ({
        role: "dispatcher",
        topic: TOPICS.requests,
        ownedPartitions: [...partitions],
        ready: true,
        startedAtMs,
      }),
      now: Date.now,
      onError: () => {},
    });
    void this.#bus.read({
      topic: TOPICS.requests,
      partitions,
      from: "latest",
      handler: async (record) => {
        this.asked.push(fromBinary(RecommendRequestSchema, record.value));
        if (this.willReply) await this.reply();
      },
    });
  }

  async reply(): Promise<void> {
    const request = this.asked.at(-1);
    if (request?.replyTo === undefined) throw new Error(`${this.replica} was not asked`);
    const { requestId, replyTo } = request;
    const failure = { code: "INTERNAL", message: this.replica };
    const value = toBinary(
      RecommendReplySchema,
      create(RecommendReplySchema, { requestId, failure }),
    );
    await this.#bus.publish(replyTo.topic, { key: requestId, value, partition: replyTo.partition });
  }

  die(): void {
    this.#bus.kill();
  }

  async leave(): Promise<void> {
    await this.#heartbeats.close();
  }
}

function play(replica: string, partitions: readonly number[]): PlayedDispatcher {
  const dispatcher = new PlayedDispatcher(replica, partitions);
  dispatchers.push(dispatcher);
  return dispatcher;
}

async function playTwo(): Promise<PlayedDispatcher[]> {
  const both = [play("dispatcher-1", [0, 1, 2]), play("dispatcher-2", [3, 4, 5])];
  await vi.waitFor(async () => {
    const directory = await ProcessDirectory.open(client, Date.now);
    const count = directory.dispatchers().length;
    await directory.close();
    expect(count).toBe(2);
  });
  return both;
}

/**
 * An API server's way to the dispatchers; `refuses` says what its bus does not take. By the clock
 * `hearing` it judges who has been silent for too long.
 */
async function openCalls(
  instance: number,
  options: Partial<DispatcherCallsOptions> = {},
  refuses: (topic: string, partition: number | undefined) => boolean = () => false,
  hearing: () => number = Date.now,
) {
  const bus: Pick<Bus, "publish" | "leaderOf"> = {
    leaderOf: (_, partition) => `broker-${partition % 3}`,
    publish: async (topic, message) => {
      if (refuses(topic, message.partition)) throw new Error("refused");
      await client.publish(topic, message);
    },
  };
  const inbox = await ReplyInbox.open({ bus: client, instance });
  const directory = await ProcessDirectory.open(client, hearing);
  const calls = new DispatcherCalls({ bus, inbox, directory, now: Date.now, options });
  const ask = async (requestId: string, withinMs = REPLY_MS): Promise<string | undefined> => {
    const reply = await calls.ask({
      requestId,
      replyByMs: Date.now() + withinMs,
      message: ({ replyTo }) => ({
        key: requestId,
        value: toBinary(
          RecommendRequestSchema,
          create(RecommendRequestSchema, { requestId, replyTo }),
        ),
      }),
    });
    return reply.failure?.message;
  };
  return { ask, directory };
}

/** Who was asked, once somebody has been, and the other one. */
async function theAsked(count = 1): Promise<[PlayedDispatcher, PlayedDispatcher]> {
  await vi.waitFor(() =>
    expect(dispatchers.flatMap(({ asked }) => asked).length).toBeGreaterThanOrEqual(count),
  );
  const [first, second] = dispatchers.toSorted((a, b) => b.asked.length - a.asked.length);
  if (first === undefined || second === undefined) throw new Error("there are not two");
  return [first, second];
}

describe("a question to the dispatchers", () => {
  test("goes to the same one from every API server, and to each one for some ids", async () => {
    await playTwo();
    const servers = [await openCalls(1), await openCalls(2)];
    const names = new Set<string | undefined>();
    for (let index = 0; index < 12; index += 1) {
      const [one, two] = await Promise.all(servers.map(({ ask }) => ask(`request-${index}`)));
      expect(one).toBe(two);
      names.add(one);
    }
    expect(names).toEqual(new Set(["dispatcher-1", "dispatcher-2"]));
  });

  test("goes to another one as soon as the one that was asked is silent", async () => {
    for (const dispatcher of await playTwo()) dispatcher.willReply = false;
    const { ask } = await openCalls(1, { askAgainMs: NEVER_MS });
    const answer = ask("request-1");
    const [asked, other] = await theAsked();
    other.willReply = true;
    asked.die();
    expect(await answer).toBe(other.replica);
  });

  test("goes to another one at once when the one that was asked says farewell", async () => {
    for (const dispatcher of await playTwo()) dispatcher.willReply = false;
    // On a clock that stands still nobody is ever silent for too long.
    const nowMs = Date.now();
    const options = { askAgainMs: NEVER_MS };
    const { ask } = await openCalls(1, options, undefined, () => nowMs);
    const answer = ask("request-1");
    const [asked, other] = await theAsked();
    other.willReply = true;
    await asked.leave();
    expect(await answer).toBe(other.replica);
  });

  test("goes to another one after a while, with another way back, and the first reply counts", async () => {
    for (const dispatcher of await playTwo()) dispatcher.willReply = false;
    const { ask } = await openCalls(1, { askAgainMs: 1_000 });
    const answer = ask("request-1");
    const [asked, other] = await theAsked(2);
    expect([asked.asked.length, other.asked.length]).toEqual([1, 1]);
    const ways = [asked, other].map((one) => one.asked[0]?.replyTo?.partition);
    expect(new Set(ways)).toEqual(new Set([0, 1]));
    await asked.reply();
    expect(await answer).toBe(asked.replica);
    await other.reply();
  });

  test("goes to a dispatcher that was late only after the others, for a while", async () => {
    for (const dispatcher of await playTwo()) dispatcher.willReply = false;
    const { ask } = await openCalls(1, { askAgainMs: 100, dispatcherSuspicionMs: 3_000 });
    const answer = ask("request-1");
    const [late, other] = await theAsked();
    other.willReply = true;
    expect(await answer).toBe(other.replica);
    const ids = Array.from({ length: 8 }, (_, index) => `request-${index + 2}`);
    const asked = late.asked.length;
    for (const id of ids) expect(await ask(id)).toBe(other.replica);
    expect(late.asked).toHaveLength(asked);
    late.willReply = true;
    await vi.waitFor(async () => expect(await ask("request-1")).toBe(late.replica));
  });

  test("takes another way at once when the bus does not take it", async () => {
    await playTwo();
    let refusals = 0;
    const { ask } = await openCalls(1, { askAgainMs: NEVER_MS }, () => {
      refusals += 1;
      return refusals === 1;
    });
    expect(await ask("request-1")).toMatch(/^dispatcher-/);
  });

  test("is given up when the bus takes it nowhere", async () => {
    await playTwo();
    const { ask } = await openCalls(1, {}, () => true);
    await expect(ask("request-1")).rejects.toThrow("refused");
  });

  test("is asked so often and no more", async () => {
    for (const dispatcher of await playTwo()) dispatcher.willReply = false;
    const { ask } = await openCalls(1, { askAgainMs: 50, asksMax: 3 });
    await expect(ask("request-1", 2_500)).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(dispatchers.flatMap(({ asked }) => asked)).toHaveLength(3);
  });

  test("waits a little for a dispatcher that was there a moment ago", async () => {
    const first = play("dispatcher-1", [0, 1, 2]);
    const { ask, directory } = await openCalls(1, { dispatcherPatienceMs: 3_000 });
    await vi.waitFor(() => expect(directory.dispatchers()).toHaveLength(1));
    await first.leave();
    first.die();
    await vi.waitFor(() => expect(directory.dispatchers()).toHaveLength(0));
    const answer = ask("request-1");
    play("dispatcher-2", [0, 1, 2]);
    expect(await answer).toBe("dispatcher-2");
  });

  test("does not wait where there never was a dispatcher", async () => {
    const { ask } = await openCalls(1, { dispatcherPatienceMs: NEVER_MS });
    const asked = ask("request-1", NEVER_MS);
    await expect(asked).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
  });
});
