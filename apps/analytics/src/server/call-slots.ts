/** How many calls are answered at a time, and which of them gives way when all do nothing. */
import type { ConnectError } from "@connectrpc/connect";
import { AppError } from "@segue/errors";
import type { CallWatch } from "./call-watch.ts";
import { toConnectError } from "./to-connect-error.ts";

export interface CallSlotsOptions {
  readonly callsMax: number;
  /** A call whose next bytes have not come for so long gives way to another. */
  readonly idleMs: number;
}

export class CallSlots {
  readonly #options: CallSlotsOptions;
  readonly #calls = new Set<CallWatch>();

  constructor(options: CallSlotsOptions) {
    this.#options = options;
  }

  /** Throws OVERLOADED when every slot is taken by a call that goes on. */
  take(call: CallWatch): void {
    const { callsMax } = this.#options;
    if (this.#calls.size >= callsMax && !this.#makeRoom()) {
      throw overloaded(`${callsMax} calls are under way; call again when some have ended.`);
    }
    this.#calls.add(call);
  }

  release(call: CallWatch): void {
    this.#calls.delete(call);
  }

  /** Ends the call that has waited longest for its caller; whether one has waited too long. */
  #makeRoom(): boolean {
    const { callsMax, idleMs } = this.#options;
    const [idlest] = [...this.#calls].toSorted((left, right) => right.waitedMs - left.waitedMs);
    if (idlest === undefined || idlest.waitedMs < idleMs) return false;
    this.#calls.delete(idlest);
    const waited = Math.round(idlest.waitedMs / 1000);
    idlest.giveWay(
      overloaded(
        `Nothing came for this call for ${waited} s, and ${callsMax} were under way, so it gave way to another; call again when there is more to send.`,
      ),
    );
    return true;
  }
}

function overloaded(problem: string): ConnectError {
  return toConnectError(new AppError("OVERLOADED", problem));
}
