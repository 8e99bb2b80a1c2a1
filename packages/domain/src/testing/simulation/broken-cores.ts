/** Dispatchers with one fault each, to prove that the simulation notices it. */
import { DispatcherCore } from "../../dispatch/dispatcher-core.ts";
import type { DispatcherEffect, DispatcherEvent } from "../../dispatch/dispatcher-events.ts";
import type { LeaderOf } from "../../dispatch/leader-choice.ts";
import type { RecommendReply } from "../../dispatch/pipeline-messages.ts";
import type { Core, CreateCore } from "./simulated-world.ts";

type Answer = Extract<RecommendReply, { kind: "answer" }>;

/** The core, but for how it handles events. */
function withHandle(core: DispatcherCore, handle: DispatcherCore["handle"]): Core {
  return {
    handle,
    get liveCount() {
      return core.liveCount;
    },
    get answeredCount() {
      return core.answeredCount;
    },
    breakers: () => core.breakers(),
  };
}

/** A core whose effects are changed on their way out. */
function withEffects(
  change: (effect: DispatcherEffect, event: DispatcherEvent) => readonly DispatcherEffect[],
): CreateCore {
  return (dependencies) => {
    const core = new DispatcherCore(dependencies);
    return withHandle(core, (event) =>
      core.handle(event).flatMap((effect) => change(effect, event)),
    );
  };
}

function withAnswers(change: (answer: Answer, event: DispatcherEvent) => Answer): CreateCore {
  return withEffects((effect, event) =>
    effect.kind === "reply" && effect.reply.kind === "answer"
      ? [{ ...effect, reply: change(effect.reply, event) }]
      : [effect],
  );
}

/** A core that is told something else than what happened. */
function withEvents(
  change: (event: DispatcherEvent, nowMs: number) => readonly DispatcherEvent[],
): CreateCore {
  return (dependencies) => {
    const core = new DispatcherCore(dependencies);
    return withHandle(core, (event) =>
      change(event, dependencies.now()).flatMap((changed) => core.handle(changed)),
    );
  };
}

/** A core that knows the brokers otherwise than they are. */
function withLeaders(change: (leaderOf: LeaderOf) => LeaderOf): CreateCore {
  return (dependencies) =>
    new DispatcherCore({ ...dependencies, leaderOf: change(dependencies.leaderOf) });
}

export const BROKEN_CORES: Readonly<Record<string, CreateCore>> = {
  "stays silent when it can only degrade": withEffects((effect, event) =>
    effect.kind === "reply" && event.kind === "tick" ? [] : [effect],
  ),
  "answers a request that comes again differently": withAnswers((answer, event) =>
    event.kind === "request" ? { ...answer, songs: answer.songs.slice(1) } : answer,
  ),
  "calls a degraded answer full": withAnswers((answer) => ({
    ...answer,
    receipt: { ...answer.receipt, level: "full", reason: "" },
  })),
  "does not say why an answer is degraded": withAnswers((answer) => ({
    ...answer,
    receipt: { ...answer.receipt, reason: "" },
  })),
  "merges before every shard has answered": withEvents((event) => {
    if (event.kind !== "partial" || event.partial.shard !== 0) return [event];
    const nothing = { rows: [], scores: [], variantScores: [], artistIds: [], versionGroupIds: [] };
    const other = { ...event.partial, ...nothing, shard: 1, exhausted: true };
    return [event, { kind: "partial", partial: other }];
  }),
  "takes partials with scores of other rows": withEvents((event) => {
    if (event.kind !== "partial") return [event];
    const { partial } = event;
    return [{ kind: "partial", partial: { ...partial, scores: partial.rows.map(() => 1) } }];
  }),
  "gives up after the first failed attempt": (dependencies) =>
    new DispatcherCore({
      ...dependencies,
      options: { ...dependencies.options, failedAttemptsMax: 1 },
    }),
  "never gives an attempt up": (dependencies) =>
    new DispatcherCore({
      ...dependencies,
      options: { ...dependencies.options, attemptTimeoutMs: 60_000 },
    }),
  "answers when the deadline has passed": (dependencies) =>
    new DispatcherCore({
      ...dependencies,
      options: {
        ...dependencies.options,
        deadlineMarginMs: -500,
        routePatienceMs: 60_000,
        failedAttemptsMax: 100,
      },
    }),
  "holds its own pause against the replicas": (dependencies) =>
    new DispatcherCore({
      ...dependencies,
      options: {
        ...dependencies.options,
        tickMs: 60_000,
        routePatienceMs: 0,
        directory: { ...dependencies.options.directory, busSilenceMs: Number.POSITIVE_INFINITY },
      },
    }),
  "never forgets an answer": (dependencies) =>
    new DispatcherCore({
      ...dependencies,
      options: { ...dependencies.options, answersWindowMs: Number.POSITIVE_INFINITY },
    }),
  "holds a silence of the bus against the replicas": (dependencies) =>
    new DispatcherCore({
      ...dependencies,
      options: {
        ...dependencies.options,
        directory: { ...dependencies.options.directory, busSilenceMs: Number.POSITIVE_INFINITY },
      },
    }),
  "holds a broker's failure against the replicas": (dependencies) => {
    const options = { ...dependencies.options, leaderSuspicionMs: -1 };
    return withLeaders(() => () => "anybody")({ ...dependencies, options });
  },
  "reads one partition for its partials": (dependencies) =>
    new DispatcherCore({ ...dependencies, partialsTo: dependencies.partialsTo.slice(0, 1) }),
  "takes a clock that is off for silence": withEvents((event, nowMs) => {
    const isOff = event.kind === "heartbeat" && Math.abs(nowMs - event.heartbeat.sentAtMs) > 1_000;
    return isOff ? [] : [event];
  }),
  "tells times by other hosts' clocks": withAnswers((answer) => {
    const hops = answer.receipt.hops.map((hop) =>
      hop.role === "compute" ? { ...hop, startedAtMs: hop.startedAtMs + 60_000 } : hop,
    );
    return { ...answer, receipt: { ...answer.receipt, hops } };
  }),
  "names songs that do not speak for the answer": withAnswers((answer) => ({
    ...answer,
    songs: answer.songs.map((song) => ({ ...song, because: song.because.toReversed() })),
  })),
};
