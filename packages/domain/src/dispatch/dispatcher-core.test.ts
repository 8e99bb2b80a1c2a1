import { describe, expect, test } from "vitest";
import { CANDIDATES_MAX } from "../answer/candidate-merge.ts";
import type { TrendingSong } from "../answer/degradation-ladder.ts";
import { heartbeatOf, MODEL, usualParts } from "../testing/replicas.ts";
import { plainSongs, smallVocabulary } from "../testing/small-vocabulary.ts";
import { DispatcherCore } from "./dispatcher-core.ts";
import type { DispatcherEffect } from "./dispatcher-events.ts";
import { DISPATCHER_DEFAULTS, type DispatcherOptions } from "./dispatcher-options.ts";
import type { RecommendRequest, ShardPartial, StageTask } from "./pipeline-messages.ts";

const SONGS = plainSongs(40).map((song, row) => ({ ...song, neighbours: [(row + 1) % 40] }));
const TRENDING: readonly TrendingSong[] = [
  { songId: "s30", artist: "a", versionGroup: "s30", plays: 9 },
];

const OWN_PARTITIONS = [0, 1].map((partition) => ({ topic: "rec.partials.v1", partition }));

interface Setting {
  readonly options?: Partial<DispatcherOptions>;
  readonly trending?: readonly TrendingSong[];
  readonly promoted?: string | undefined;
  /** Replicas of every part. */
  readonly letters?: readonly string[];
  readonly shardCount?: number;
}

/** A core with a clock that the test moves, and replicas that go on living unless told otherwise. */
function newDispatcher(setting: Setting = {}) {
  let nowMs = 1_000;
  const silent = new Set<string>();
  const leaders: (string | undefined)[] = ["broker-1", "broker-2", "broker-3"];
  const effects: DispatcherEffect[] = [];
  const core = new DispatcherCore({
    replica: "dispatcher-1",
    models: {
      currentVersion: () => ("promoted" in setting ? setting.promoted : MODEL),
      vocabularyFor: (version) => (version === MODEL ? smallVocabulary(SONGS) : undefined),
    },
    trending: () => setting.trending ?? TRENDING,
    partialsTo: OWN_PARTITIONS,
    // Brokers lead the partitions in turn, until the test has one lose its own.
    leaderOf: ({ partition }) => leaders[partition % leaders.length],
    now: () => nowMs,
    options: { ...DISPATCHER_DEFAULTS, ...setting.options },
  });
  const tell = (event: Parameters<DispatcherCore["handle"]>[0]): void => {
    effects.push(...core.handle(event));
  };
  const beat = (): void => {
    for (const part of usualParts(setting.shardCount ?? 1)) {
      for (const letter of setting.letters ?? ["a", "b"]) {
        const replica = `stage-${part.stage}.${part.shard ?? 0}-${letter}`;
        if (silent.has(replica)) continue;
        const fields = { ...part, ownedPartitions: [0, 1, 2], sentAtMs: nowMs };
        tell({ kind: "heartbeat", heartbeat: heartbeatOf(replica, fields), isHistory: false });
      }
    }
  };
  beat();
  return {
    core,
    silent,
    leaders,
    tell,
    ask: (fields: Partial<RecommendRequest> = {}) =>
      tell({ kind: "request", request: requestOf(fields), publishedAtMs: nowMs - 3 }),
    wait: (milliseconds: number) => {
      for (let passed = 0; passed < milliseconds; passed += 20) {
        nowMs += 20;
        if (nowMs % 200 === 0) beat();
        tell({ kind: "tick" });
      }
    },
    pause: (milliseconds: number) => {
      nowMs += milliseconds;
      tell({ kind: "tick" });
    },
    tasks: () => effects.flatMap((effect) => (effect.kind === "task" ? [effect.task] : [])),
    replies: () => effects.flatMap((effect) => (effect.kind === "reply" ? [effect] : [])),
    answers: () =>
      effects.flatMap((effect) =>
        effect.kind === "reply" && effect.reply.kind === "answer" ? [effect.reply] : [],
      ),
    failures: () =>
      effects.flatMap((effect) =>
        effect.kind === "reply" && effect.reply.kind === "failure" ? [effect.reply.failure] : [],
      ),
  };
}

function requestOf(fields: Partial<RecommendRequest>): RecommendRequest {
  return {
    requestId: "r1",
    songIds: ["s0", "s1", "s2", "s3", "s4"],
    historySongIds: [],
    versionGroupIds: [],
    user: "",
    limit: 3,
    songsPerArtistMax: 2,
    replyTo: { topic: "rec.replies.v1", partition: 1 },
    deadlineMs: 7_000,
    modelVersion: "",
    ...fields,
  };
}

/** What shard `shard` answers to the task: rows 10 and on, the best first. */
function partialOf(task: StageTask | undefined, fields: Partial<ShardPartial> = {}): ShardPartial {
  if (task === undefined) throw new Error("no task was sent");
  const rows = [10, 11, 12, 13].map((row) => row + 4 * (fields.shard ?? 0));
  return {
    requestId: task.requestId,
    attempt: task.attempt,
    modelVersion: task.modelVersion,
    stage: 3,
    shard: 0,
    replica: task.targets.at(-1)?.replica ?? "",
    rows,
    scores: rows.map((row) => 100 - row),
    variantScores: task.variants.slice(1).flatMap(() => rows.map((row) => 99 - row)),
    artistIds: rows,
    versionGroupIds: rows,
    exhausted: false,
    hops: [],
    ...fields,
  };
}

const replicasOf = (task: StageTask | undefined): readonly string[] =>
  task?.targets.map(({ replica }) => replica) ?? [];

describe("dispatcher core › an attempt", () => {
  test("goes to the first stage with the whole route and every variant", () => {
    const dispatcher = newDispatcher({ shardCount: 2 });
    dispatcher.ask({ limit: 50 });
    expect(dispatcher.tasks()).toHaveLength(1);
    const [task] = dispatcher.tasks();
    expect(task).toMatchObject({ attempt: 1, modelVersion: MODEL, candidates: 250 });
    expect(task?.targets.map(({ stage, shard }) => `${stage}.${shard}`)).toEqual([
      "1.0",
      "2.0",
      "3.0",
      "3.1",
    ]);
    expect(task?.variants).toHaveLength(6);
    expect(task?.maskedRows).toEqual([0, 1, 2, 3, 4]);
  });

  test("is merged when every shard has reported, and each only once", () => {
    const dispatcher = newDispatcher({ shardCount: 2 });
    dispatcher.ask();
    const [task] = dispatcher.tasks();
    for (let time = 0; time < 2; time += 1) {
      dispatcher.tell({ kind: "partial", partial: partialOf(task, { shard: 0 }) });
    }
    expect(dispatcher.replies()).toEqual([]);
    dispatcher.tell({ kind: "partial", partial: partialOf(task, { shard: 1 }) });
    const [answer] = dispatcher.answers();
    expect(answer?.songs.map(({ songId }) => songId)).toEqual(["s10", "s11", "s12"]);
    expect(answer?.receipt).toMatchObject({ level: "full", reason: "", attempts: 1, totalMs: 3 });
  });

  test("is made again over other replicas when nothing came within its time", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    dispatcher.wait(720);
    const [first, second] = dispatcher.tasks();
    expect(second?.attempt).toBe(2);
    for (const replica of replicasOf(second)) expect(replicasOf(first)).not.toContain(replica);
  });

  test("answers late, while the next one runs", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    dispatcher.wait(720);
    const [first, second] = dispatcher.tasks();
    dispatcher.tell({ kind: "partial", partial: partialOf(first) });
    dispatcher.tell({ kind: "partial", partial: partialOf(second) });
    expect(dispatcher.answers()).toHaveLength(1);
    expect(dispatcher.answers()[0]?.receipt.attempts).toBe(2);
  });

  test("is made again at once when a stage says that it cannot", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    const [first] = dispatcher.tasks();
    const replica = replicasOf(first)[1] ?? "";
    const failure = { code: "MODEL_NOT_LOADED", message: "not here" };
    dispatcher.tell({ kind: "partial", partial: partialOf(first, { stage: 2, replica, failure }) });
    expect(dispatcher.tasks()).toHaveLength(2);
    expect(replicasOf(dispatcher.tasks()[1])).not.toContain(replica);
  });

  test.each<{ readonly what: string; readonly fields: Partial<ShardPartial> }>([
    { what: "columns of different lengths", fields: { scores: [1] } },
    { what: "too few variants", fields: { variantScores: [] } },
    { what: "rows beyond the catalogue", fields: { rows: [10, 11, 12, 40] } },
    { what: "another model version", fields: { modelVersion: "other" } },
    { what: "a shard that was not asked", fields: { shard: 5 } },
  ])("takes no partial with $what", ({ fields }) => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    dispatcher.tell({ kind: "partial", partial: partialOf(dispatcher.tasks()[0], fields) });
    expect(dispatcher.replies()).toEqual([]);
    expect(dispatcher.tasks()).toHaveLength(2);
  });

  test("is not timed out by a pause of the dispatcher itself", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    dispatcher.pause(3_000);
    expect(dispatcher.tasks()).toHaveLength(1);
    dispatcher.tell({ kind: "partial", partial: partialOf(dispatcher.tasks()[0]) });
    expect(dispatcher.answers()[0]?.receipt).toMatchObject({ level: "full", attempts: 1 });
  });

  test("asks for twice as many rows when the policy leaves too few", () => {
    const dispatcher = newDispatcher({ options: { candidateCountFor: () => 4 } });
    dispatcher.ask({ songsPerArtistMax: 1 });
    const one = [1, 1, 1, 1];
    const [task] = dispatcher.tasks();
    dispatcher.tell({ kind: "partial", partial: partialOf(task, { artistIds: one }) });
    expect(dispatcher.tasks().map(({ candidates }) => candidates)).toEqual([4, 8]);
    const last = partialOf(dispatcher.tasks()[1], { artistIds: one, exhausted: true });
    dispatcher.tell({ kind: "partial", partial: last });
    expect(dispatcher.answers()[0]?.songs.map(({ songId }) => songId)).toEqual(["s10"]);
  });
});

describe("dispatcher core › a list that ends early", () => {
  const one = [1, 1, 1, 1];

  test("is full and says so when no more candidates fit a message", () => {
    const dispatcher = newDispatcher({ options: { candidateCountFor: () => CANDIDATES_MAX } });
    dispatcher.ask({ songsPerArtistMax: 1 });
    const partial = partialOf(dispatcher.tasks()[0], { artistIds: one });
    dispatcher.tell({ kind: "partial", partial });
    expect(dispatcher.tasks()).toHaveLength(1);
    expect(dispatcher.answers()[0]).toMatchObject({
      songs: [{ songId: "s10" }],
      receipt: {
        level: "full",
        reason: "1 of 3 songs were found among the best 10000, and no more are looked at",
      },
    });
  });

  test.each([
    { what: "times out", fail: undefined },
    { what: "fails", fail: { code: "INTERNAL", message: "broken" } },
  ])("is answered rather than a lower rung when the wider attempt $what", ({ fail }) => {
    const options = { candidateCountFor: () => 4, failedAttemptsMax: 1 };
    const dispatcher = newDispatcher({ options });
    dispatcher.ask({ songsPerArtistMax: 1 });
    const narrow = partialOf(dispatcher.tasks()[0], { artistIds: one });
    dispatcher.tell({ kind: "partial", partial: narrow });
    if (fail === undefined) dispatcher.wait(720);
    else {
      const partial = partialOf(dispatcher.tasks()[1], { failure: fail });
      dispatcher.tell({ kind: "partial", partial });
    }
    const [answer] = dispatcher.answers();
    expect(answer?.songs.map(({ songId }) => songId)).toEqual(["s10"]);
    expect(answer?.receipt.level).toBe("full");
    expect(answer?.receipt.reason).toMatch(/^1 of 3 songs were found before 1 attempts failed/);
  });
});

describe("dispatcher core › blame", () => {
  const blamedBy = (dispatcher: ReturnType<typeof newDispatcher>): readonly string[] =>
    [...dispatcher.core.breakers()]
      .filter(([, { failures }]) => failures > 0)
      .map(([replica]) => replica);

  test("falls on every replica of a route of which nothing was heard", () => {
    const dispatcher = newDispatcher({ letters: ["a"] });
    dispatcher.ask();
    dispatcher.wait(720);
    expect(blamedBy(dispatcher)).toEqual(["stage-1.0-a", "stage-2.0-a", "stage-3.0-a"]);
  });

  test("falls on the silent one alone when a replica of the route has died", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    const victim = replicasOf(dispatcher.tasks()[0])[1] ?? "";
    dispatcher.silent.add(victim);
    dispatcher.wait(720);
    expect(blamedBy(dispatcher)).toEqual([victim]);
  });

  test("falls on the missing shard alone when another one has reported", () => {
    const dispatcher = newDispatcher({ letters: ["a"], shardCount: 2 });
    dispatcher.ask();
    const [task] = dispatcher.tasks();
    dispatcher.tell({ kind: "partial", partial: partialOf(task, { shard: 1 }) });
    dispatcher.wait(720);
    expect(blamedBy(dispatcher)).toEqual(["stage-3.0-a"]);
  });

  test("is not made good by an answer that comes too late", () => {
    const dispatcher = newDispatcher({ letters: ["a"] });
    dispatcher.ask();
    dispatcher.wait(720);
    dispatcher.tell({ kind: "partial", partial: partialOf(dispatcher.tasks()[0]) });
    expect(dispatcher.answers()).toHaveLength(1);
    expect(blamedBy(dispatcher)).toHaveLength(3);
  });

  test("falls on nobody for being busy", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    const [task] = dispatcher.tasks();
    const failure = { code: "OVERLOADED", message: "256 requests wait" };
    dispatcher.tell({ kind: "partial", partial: partialOf(task, { failure }) });
    expect(blamedBy(dispatcher)).toEqual([]);
  });
});

/** The brokers that lead the partitions of the newest attempt, there and back. */
function leadersOf(dispatcher: ReturnType<typeof newDispatcher>): ReadonlySet<string | undefined> {
  const task = dispatcher.tasks().at(-1);
  const addresses =
    task === undefined ? [] : [...task.targets.map((to) => to.address), task.partialsTo];
  return new Set(addresses.map(({ partition }) => dispatcher.leaders[partition % 3]));
}

describe("dispatcher core › the bus", () => {
  const isAnyBlamed = ({ core }: ReturnType<typeof newDispatcher>): boolean =>
    [...core.breakers().values()].some(({ failures }) => failures > 0);

  test("is used through one broker at a time, and through another in the next attempt", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask();
    const first = leadersOf(dispatcher);
    dispatcher.wait(720);
    const second = leadersOf(dispatcher);
    expect([first.size, second.size]).toEqual([1, 1]);
    expect(second).not.toEqual(first);
  });

  test("is used through brokers that are there", () => {
    const dispatcher = newDispatcher();
    dispatcher.leaders[0] = undefined;
    for (const requestId of ["r1", "r2", "r3"]) {
      dispatcher.ask({ requestId });
      expect(leadersOf(dispatcher)).toEqual(new Set(["broker-2"]));
    }
  });

  test("is to blame when a broker of the route has died meanwhile", () => {
    const dispatcher = newDispatcher({ letters: ["a"] });
    dispatcher.ask();
    const [leader] = leadersOf(dispatcher);
    dispatcher.leaders[dispatcher.leaders.indexOf(leader)] = "broker-4";
    dispatcher.wait(720);
    expect(dispatcher.tasks()).toHaveLength(2);
    expect(isAnyBlamed(dispatcher)).toBe(false);
  });

  test("is to blame when nobody was heard, and its silence is nobody's death", () => {
    const dispatcher = newDispatcher({ letters: ["a"] });
    dispatcher.ask();
    for (const { stage } of usualParts(1)) dispatcher.silent.add(`stage-${stage}.0-a`);
    dispatcher.wait(1_500);
    expect(dispatcher.tasks()).toHaveLength(3);
    expect(isAnyBlamed(dispatcher)).toBe(false);
  });

  test("gets a task that it did not take by another way at once, then after rests", () => {
    const dispatcher = newDispatcher();
    const refuse = () => {
      const task = dispatcher.tasks().at(-1);
      const address = task?.targets[0]?.address;
      if (task === undefined || address === undefined) throw new Error("no task was sent");
      const { requestId, attempt } = task;
      dispatcher.tell({ kind: "unsent", requestId, attempt, address });
    };
    dispatcher.ask();
    const first = leadersOf(dispatcher);
    refuse();
    expect(dispatcher.tasks()).toHaveLength(2);
    expect(leadersOf(dispatcher)).not.toEqual(first);
    refuse();
    expect(dispatcher.tasks()).toHaveLength(2);
    dispatcher.wait(60);
    expect(dispatcher.tasks()).toHaveLength(3);
    expect(isAnyBlamed(dispatcher)).toBe(false);
  });

  test("has another place for a reply that it does not take", () => {
    const dispatcher = newDispatcher();
    const replyToAlternate = { topic: "rec.replies.v1", partition: 9 };
    dispatcher.ask({ replyToAlternate });
    dispatcher.tell({ kind: "partial", partial: partialOf(dispatcher.tasks()[0]) });
    expect(dispatcher.replies()[0]).toMatchObject({ alternate: replyToAlternate });
  });
});

describe("dispatcher core › the ladder", () => {
  test("answers with neighbours when no route is complete within the patience", () => {
    const dispatcher = newDispatcher({ letters: [] });
    dispatcher.ask();
    dispatcher.wait(980);
    expect(dispatcher.replies()).toEqual([]);
    dispatcher.wait(20);
    expect(dispatcher.answers()[0]?.receipt).toMatchObject({
      level: "neighbours",
      reason: "no replica answers for stage 1 (layers 1 and on)",
      attempts: 0,
    });
  });

  test("is not needed when the missing replica comes within the patience", () => {
    const dispatcher = newDispatcher({ letters: [] });
    dispatcher.ask();
    dispatcher.wait(500);
    for (const part of usualParts(1)) {
      const heartbeat = heartbeatOf(`late-${part.stage}`, { ...part, sentAtMs: 1_500 });
      dispatcher.tell({ kind: "heartbeat", heartbeat, isHistory: false });
    }
    dispatcher.wait(20);
    expect(dispatcher.tasks()).toHaveLength(1);
  });

  test("waits longer for partitions that are being handed over to a living replica", () => {
    const dispatcher = newDispatcher({ letters: [] });
    const hear = (ownedPartitions: readonly number[], sentAtMs: number): void => {
      for (const part of usualParts(1)) {
        const fields = { ...part, ownedPartitions, sentAtMs };
        const heartbeat = heartbeatOf(`late-${part.stage}`, fields);
        dispatcher.tell({ kind: "heartbeat", heartbeat, isHistory: false });
      }
    };
    hear([], 1);
    dispatcher.ask();
    for (let beat = 0; beat < 14; beat += 1) {
      dispatcher.wait(200);
      hear([], 200 * (beat + 1));
    }
    expect(dispatcher.replies()).toEqual([]);
    hear([0], 2_900);
    dispatcher.wait(20);
    expect(dispatcher.tasks()).toHaveLength(1);
  });

  test("does not wait for a handover without end", () => {
    const dispatcher = newDispatcher({ letters: [] });
    for (const part of usualParts(1)) {
      const fields = { ...part, ownedPartitions: [], sentAtMs: 1 };
      const heartbeat = heartbeatOf(`late-${part.stage}`, fields);
      dispatcher.tell({ kind: "heartbeat", heartbeat, isHistory: false });
    }
    dispatcher.ask();
    dispatcher.wait(3_000);
    expect(dispatcher.answers()[0]?.receipt.level).toBe("neighbours");
  });

  test("answers before the deadline when attempts bring nothing", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask({ deadlineMs: 2_000 });
    dispatcher.wait(740);
    expect(dispatcher.replies()).toEqual([]);
    dispatcher.wait(20);
    expect(dispatcher.answers()[0]?.receipt.level).toBe("neighbours");
    expect(dispatcher.answers()[0]?.receipt.reason).toContain("deadline");
  });

  test("answers when so many attempts have failed", () => {
    const dispatcher = newDispatcher({ options: { failedAttemptsMax: 2 } });
    dispatcher.ask();
    dispatcher.wait(1_420);
    expect(dispatcher.answers()[0]?.receipt.reason).toMatch(/^2 attempts failed/);
  });

  const NO_RETRIES = { retryBudget: { retriesPerRequest: 0, reserve: 0 } };

  test("answers when the retry budget is used up, and no late answer came in the time of another", () => {
    const dispatcher = newDispatcher({ options: NO_RETRIES });
    dispatcher.ask();
    dispatcher.wait(1_380);
    expect(dispatcher.answers()).toEqual([]);
    dispatcher.wait(60);
    expect(dispatcher.answers()[0]?.receipt.reason).toContain("too many retries");
  });

  test("is not stood on when the answer is late and no retry was left", () => {
    const dispatcher = newDispatcher({ options: NO_RETRIES });
    dispatcher.ask();
    dispatcher.wait(1_000);
    dispatcher.tell({ kind: "partial", partial: partialOf(dispatcher.tasks()[0]) });
    expect(dispatcher.answers()[0]?.receipt).toMatchObject({ level: "full", reason: "" });
  });

  test("answers at once when too many requests are in work", () => {
    const dispatcher = newDispatcher({ options: { liveRequestsMax: 1 } });
    dispatcher.ask();
    dispatcher.ask({ requestId: "r2" });
    expect(dispatcher.answers()[0]?.receipt.requestId).toBe("r2");
    expect(dispatcher.answers()[0]?.receipt.reason).toContain("in work already");
  });

  test("answers with what is played most when the model knows none of the songs", () => {
    const dispatcher = newDispatcher();
    dispatcher.ask({ songIds: ["n1", "n2", "n3", "n4", "n5"] });
    expect(dispatcher.answers()[0]).toMatchObject({
      songs: [{ songId: "s30" }],
      receipt: { level: "trending", reason: `model ${MODEL} knows none of the songs` },
    });
  });

  test("answers with what is played most when no model is promoted", () => {
    const dispatcher = newDispatcher({ promoted: undefined });
    dispatcher.ask();
    expect(dispatcher.answers()[0]?.receipt).toMatchObject({
      level: "trending",
      modelVersion: "",
      reason: "no model is promoted",
    });
  });

  test("fails with the cause's code when it has nothing to offer", () => {
    const dispatcher = newDispatcher({ promoted: undefined, trending: [] });
    dispatcher.ask();
    expect(dispatcher.failures()).toEqual([
      { code: "MODEL_NOT_LOADED", message: "no model is promoted" },
    ]);
  });

  test("is not for those who ask for one exact model version", () => {
    const dispatcher = newDispatcher({ letters: [] });
    dispatcher.ask({ modelVersion: MODEL });
    dispatcher.ask({ requestId: "r2", modelVersion: "gone" });
    dispatcher.wait(1_000);
    expect(dispatcher.failures().map(({ code }) => code)).toEqual(["MODEL_GONE", "SHARD_MISSING"]);
  });
});

describe("dispatcher core › a request that comes again", () => {
  test("is not worked on twice, and everyone who asked is answered", () => {
    const dispatcher = newDispatcher();
    const other = { topic: "rec.replies.v1", partition: 7 };
    dispatcher.ask();
    dispatcher.ask();
    dispatcher.ask({ replyTo: other });
    expect(dispatcher.tasks()).toHaveLength(1);
    dispatcher.tell({ kind: "partial", partial: partialOf(dispatcher.tasks()[0]) });
    expect(dispatcher.replies().map(({ address }) => address.partition)).toEqual([1, 7]);
  });

  test("gets the stored answer within the window, and a new one after it", () => {
    const dispatcher = newDispatcher({ options: { answersWindowMs: 5_000 } });
    dispatcher.ask();
    dispatcher.tell({ kind: "partial", partial: partialOf(dispatcher.tasks()[0]) });
    dispatcher.wait(4_900);
    dispatcher.ask();
    expect(dispatcher.answers()).toHaveLength(2);
    expect(dispatcher.answers()[1]).toBe(dispatcher.answers()[0]);
    dispatcher.wait(200);
    dispatcher.ask({ deadlineMs: 20_000 });
    expect(dispatcher.tasks()).toHaveLength(2);
  });

  test("is computed anew when it failed before", () => {
    const dispatcher = newDispatcher({ letters: [] });
    dispatcher.ask({ modelVersion: MODEL });
    dispatcher.wait(1_000);
    expect(dispatcher.failures()).toHaveLength(1);
    for (const part of usualParts(1)) {
      const heartbeat = heartbeatOf(`late-${part.stage}`, { ...part, sentAtMs: 2_000 });
      dispatcher.tell({ kind: "heartbeat", heartbeat, isHistory: false });
    }
    dispatcher.ask({ modelVersion: MODEL });
    expect(dispatcher.tasks()).toHaveLength(1);
  });
});
