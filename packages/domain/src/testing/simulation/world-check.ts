/** What must hold in every simulated world, whatever happened in it. */
import { answerDegraded } from "../../answer/degradation-ladder.ts";
import type { RecommendedSong } from "../../answer/recommendation.ts";
import type { Handling, Settled, SimulatedWorld, WorldReport } from "./simulated-world.ts";
import type { PlannedRequest, WorldPlan } from "./world-plan.ts";

/** Before this much of the deadline is left, a dispatcher owes an answer. */
const TICK_AND_MARGIN_MS = 350;

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
  return isOneAnswer ? [] : [`${name}: two different replies`];
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
