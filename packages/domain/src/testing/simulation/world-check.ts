/** What must hold in every simulated world, whatever happened in it. */
import { answerDegraded } from "../../answer/degradation-ladder.ts";
import type { RecommendedSong } from "../../answer/recommendation.ts";
import type { Handling, Settled, SimulatedWorld, WorldReport } from "./simulated-world.ts";
import { HEARTBEATS, type PlannedRequest, type WorldPlan } from "./world-plan.ts";

/** Before this much of the deadline is left, a dispatcher owes an answer. */
const TICK_AND_MARGIN_MS = 350;
const ONE_ATTEMPT_MORE_MS = 1_400;
/** As near as clocks that agree may be apart. */
const HOP_TOLERANCE_MS = 21;

/** Every broken promise in a sentence; none in a world where all went as it should. */
export function brokenPromises(
  plan: WorldPlan,
  world: SimulatedWorld,
  report: WorldReport,
): readonly string[] {
  const broken: string[] = [];
  for (const request of plan.requests) {
    const settled = report.settled.get(request.requestId) ?? [];
    const [answer] = settled;
    if (answer === undefined || settled.length > 1) {
      broken.push(`${request.requestId} was answered ${settled.length} times`);
      continue;
    }
    if (answer.atMs > request.deadlineMs) {
      broken.push(`${request.requestId} was answered after its deadline`);
    }
    broken.push(...brokenByAnswer(plan, world, request, answer));
  }
  for (const handling of report.handlings) broken.push(...brokenByDispatcher(plan, handling));
  if (hasBusFaultsAlone(plan) && plan.faults.every(({ kind }) => kind === "kill")) {
    for (const handling of report.handlings) broken.push(...brokenBySlowness(handling));
  }
  if (hasBusFaultsAlone(plan) && report.mistrusted.size > 0) {
    broken.push(`the bus failed, and the blame fell on ${[...report.mistrusted].join(", ")}`);
  }
  if (report.heldAtEnd > 0) {
    broken.push(`the dispatchers still held ${report.heldAtEnd} requests or answers at the end`);
  }
  return broken;
}

function brokenByAnswer(
  plan: WorldPlan,
  world: SimulatedWorld,
  request: PlannedRequest,
  answer: Settled,
): readonly string[] {
  const { requestId } = request;
  const { level, reason, songs } = answer;
  const { vocabulary, trending } = world.network;
  if (level === "failure") return [`${requestId} failed: ${reason}`];
  if (level === "full") {
    const whole = world.network.rightAnswer(request);
    // A reason says that the list ends before its time, which faults alone may bring about.
    const right = reason === "" ? whole : whole.slice(0, songs.length);
    if (reason !== "" && (plan.isSurvivable || songs.length === request.limit)) {
      return [`${requestId} is full and yet gives the reason "${reason}"`];
    }
    return isSameList(songs, right) ? [] : [`${requestId} was answered in full, but wrongly`];
  }
  if (reason === "") return [`${requestId} is ${level} and does not say why`];
  if (plan.isSurvivable) {
    return [`${requestId} is ${level} though a replica of everything lived: ${reason}`];
  }
  const right = answerDegraded(request, vocabulary, trending);
  return right?.level === level && isSameList(songs, right.songs)
    ? []
    : [`${requestId} is not what the rung of ${level} answers`];
}

function brokenByDispatcher(plan: WorldPlan, handling: Handling): readonly string[] {
  const { request, replies, dispatcher, receivedAtMs, diedAtMs } = handling;
  const name = `${dispatcher} and ${request.requestId}`;
  const [first] = replies;
  const frozen = plan.faults.filter(
    ({ kind, process }) => kind === "freeze" && process === dispatcher,
  );
  const dueMs = Math.max(request.deadlineMs, receivedAtMs + TICK_AND_MARGIN_MS);
  const couldAnswer =
    diedAtMs > dueMs && frozen.every(({ atMs, untilMs }) => untilMs < receivedAtMs || atMs > dueMs);
  if (first === undefined) return couldAnswer ? [`${name}: no reply at all`] : [];
  if (couldAnswer && first.atMs > dueMs) return [`${name}: the reply came after the deadline`];
  const isOneAnswer = replies.every(({ reply }) => reply === first.reply);
  if (!isOneAnswer) return [`${name}: two different replies`];
  return isWellTimed(handling, first) ? [] : [`${name}: a hop outside the request's time`];
}

/** Where a broker dies an attempt is lost at most; the next one goes through another broker. */
function brokenBySlowness({ dispatcher, request, receivedAtMs, replies }: Handling): string[] {
  const [first] = replies;
  const tookMs = first === undefined ? 0 : first.atMs - receivedAtMs;
  if (tookMs <= ONE_ATTEMPT_MORE_MS) return [];
  return [`${dispatcher} and ${request.requestId}: a broker died, and it took ${tookMs} ms`];
}

/** Every hop lies between the request's arrival and its reply, by the dispatcher's clock. */
function isWellTimed(
  { receivedAtMs, clockOffsetMs }: Handling,
  { atMs, reply }: Handling["replies"][number],
): boolean {
  if (reply.kind !== "answer") return true;
  return reply.receipt.hops.every(
    ({ startedAtMs, computeMs }) =>
      startedAtMs >= receivedAtMs + clockOffsetMs - HOP_TOLERANCE_MS &&
      startedAtMs + computeMs <= atMs + clockOffsetMs + HOP_TOLERANCE_MS,
  );
}

/** Whether nothing fails but the bus, and nothing on it is lost or late for another reason. */
function hasBusFaultsAlone(plan: WorldPlan): boolean {
  return (
    plan.isSurvivable &&
    plan.faults.every(({ process }) => process === HEARTBEATS || process.startsWith("broker-"))
  );
}

function isSameList(left: readonly RecommendedSong[], right: readonly RecommendedSong[]): boolean {
  return (
    left.length === right.length &&
    left.every((song, index) => {
      const other = right[index];
      return (
        other !== undefined &&
        song.songId === other.songId &&
        Math.abs(song.score - other.score) < 1e-6 &&
        song.because.length === other.because.length &&
        song.because.every(
          (reason, rank) =>
            reason.songId === other.because[rank]?.songId &&
            Math.abs(reason.weight - other.because[rank].weight) < 1e-9,
        )
      );
    })
  );
}
