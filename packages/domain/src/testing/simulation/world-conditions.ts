/** What the plan does to processes and messages: who is dead, frozen or deaf, what is lost or late. */
import type { EventQueue } from "./event-queue.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { FaultKind, WorldPlan } from "./world-plan.ts";

export class WorldConditions {
  readonly #plan: WorldPlan;
  readonly #queue: EventQueue;
  readonly #random: SeededRandom;

  constructor(plan: WorldPlan, queue: EventQueue, random: SeededRandom) {
    this.#plan = plan;
    this.#queue = queue;
    this.#random = random;
  }

  /** Whether the fault lasts at this moment. */
  isUnder(kind: FaultKind, process: string): boolean {
    const { nowMs } = this.#queue;
    return this.#plan.faults.some(
      (fault) =>
        fault.kind === kind &&
        fault.process === process &&
        fault.atMs <= nowMs &&
        nowMs < fault.untilMs,
    );
  }

  /** How long the fault has lasted; undefined while it does not. */
  timeUnder(kind: FaultKind, process: string): number | undefined {
    const { nowMs } = this.#queue;
    const begins = this.#plan.faults
      .filter((fault) => fault.kind === kind && fault.process === process)
      .filter((fault) => fault.atMs <= nowMs && nowMs < fault.untilMs)
      .map((fault) => nowMs - fault.atMs);
    return begins.length === 0 ? undefined : Math.max(...begins);
  }

  /** Now, or when the process thaws; never when it is dead by then. */
  whenAwake(process: string, run: () => void): void {
    if (!this.isUnder("freeze", process)) {
      run();
      return;
    }
    const { nowMs } = this.#queue;
    const thawsAtMs = Math.max(
      ...this.#plan.faults
        .filter(({ kind, atMs }) => kind === "freeze" && atMs <= nowMs)
        .filter((fault) => fault.process === process)
        .map(({ untilMs }) => untilMs),
    );
    this.#queue.at(thawsAtMs, () => {
      if (!this.isUnder("kill", process)) this.whenAwake(process, run);
    });
  }

  /** Delivers with the losses, repeats and delays of the plan. */
  send(
    kind: { readonly isLossless?: boolean; readonly isHeartbeat?: boolean },
    deliver: () => void,
    atMs = this.#queue.nowMs,
  ): void {
    const { lossRate, repeatRate, delayRate, delayMsMax } = this.#plan;
    const copies = this.#random.happens(repeatRate) && kind.isHeartbeat !== true ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (kind.isLossless !== true && this.#random.happens(lossRate)) continue;
      const isDelayed = this.#random.happens(delayRate);
      const delayMs = this.#random.between(1, isDelayed ? delayMsMax : 4);
      this.#queue.at(atMs + delayMs, deliver);
    }
  }
}
