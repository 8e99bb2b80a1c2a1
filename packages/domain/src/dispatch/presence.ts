/**
 * Who is there, judged by heartbeats and the clock of this process alone: hosts disagree on the time,
 * so what a heartbeat says of it orders its sender's words and nothing else.
 *
 * A process is silent when it was not heard for `heartbeatTimeoutMs` in which others were. When
 * nobody is heard, one's own echo included, the bus is disturbed or this process stood still: that
 * is nobody's silence, up to a bound.
 */

export interface PresenceOptions {
  readonly heartbeatTimeoutMs: number;
  /** Hearing nobody for so long, a few beats, is the bus's doing. */
  readonly busSilenceMs: number;
  /** Hearing nobody for longer than this is taken as it looks. */
  readonly busSilenceMsMax: number;
  /** Who was not heard for so long is forgotten. */
  readonly memoryMs: number;
}

export const PRESENCE_DEFAULTS: PresenceOptions = {
  heartbeatTimeoutMs: 700,
  busSilenceMs: 450,
  busSilenceMsMax: 5_000,
  memoryMs: 120_000,
};

export interface Beat {
  readonly replica: string;
  /** By the sender's clock; tells its lives apart. */
  readonly startedAtMs: number;
  /** By the sender's clock; ascends within a life. */
  readonly sentAtMs: number;
}

/**
 * What a beat brings: the first word of a life, a newer word of a known one, or nothing, having
 * come again, late or out of order.
 */
export type News = "life" | "word" | "nothing";

interface Known {
  readonly startedAtMs: number;
  readonly sentAtMs: number;
  /** By the clock of this process. */
  heardAtMs: number;
  /** It said farewell, or only the topic remembers it. */
  isGone: boolean;
}

export class Presence {
  readonly #options: PresenceOptions;
  readonly #known = new Map<string, Known>();
  #lastSignMs = Number.NEGATIVE_INFINITY;
  #lastDisturbedMs = Number.NEGATIVE_INFINITY;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /**
   * @param isHistory it was in the topic before this process began to listen. The topic keeps the last
   * words of the dead, so it counts as a sign of life only if both clocks make it a recent one;
   * otherwise the next beat, which only the living send, decides.
   */
  hear(beat: Beat, nowMs: number, isHistory = false): News {
    if (!isHistory) this.hearAnybody(nowMs);
    const news = this.#newsOf(beat, nowMs);
    if (news === "nothing") return news;
    const ageMs = Math.abs(nowMs - beat.sentAtMs);
    const { startedAtMs, sentAtMs } = beat;
    const isGone = isHistory && ageMs > this.#options.heartbeatTimeoutMs;
    this.#known.set(beat.replica, { startedAtMs, sentAtMs, heardAtMs: nowMs, isGone });
    return news;
  }

  /** The bus carries heartbeats, whosever they are. */
  hearAnybody(nowMs: number): void {
    const silenceMs = nowMs - this.#lastSignMs;
    this.#lastSignMs = nowMs;
    if (silenceMs <= this.#options.busSilenceMs || silenceMs === Number.POSITIVE_INFINITY) return;
    this.#lastDisturbedMs = nowMs;
    this.#forgive(silenceMs, nowMs);
  }

  farewell(replica: string): void {
    const known = this.#known.get(replica);
    if (known !== undefined) known.isGone = true;
  }

  /** This process stood still and could not hear anybody. */
  forgivePause(pauseMs: number, nowMs: number): void {
    this.#lastSignMs = Math.min(nowMs, this.#lastSignMs + pauseMs);
    this.#forgive(pauseMs, nowMs);
  }

  isHeard(replica: string, nowMs: number): boolean {
    const known = this.#known.get(replica);
    if (known === undefined || known.isGone) return false;
    const untilMs = this.#isBusSilent(nowMs) ? this.#lastSignMs : nowMs;
    return untilMs - known.heardAtMs <= this.#options.heartbeatTimeoutMs;
  }

  isHeardSince(replica: string, sinceMs: number): boolean {
    const known = this.#known.get(replica);
    return known !== undefined && known.heardAtMs > sinceMs;
  }

  /** By the clock of this process; undefined for a stranger. */
  heardAtMs(replica: string): number | undefined {
    return this.#known.get(replica)?.heardAtMs;
  }

  /** Whether the bus was silent at some time since then. */
  wasBusSilentSince(sinceMs: number, nowMs: number): boolean {
    return this.#isBusSilent(nowMs) || this.#lastDisturbedMs > sinceMs;
  }

  forgetSilent(nowMs: number): void {
    for (const [replica, { heardAtMs }] of this.#known) {
      if (nowMs - heardAtMs > this.#options.memoryMs) this.#known.delete(replica);
    }
  }

  #newsOf(beat: Beat, nowMs: number): News {
    const known = this.#known.get(beat.replica);
    if (known === undefined || beat.startedAtMs > known.startedAtMs) return "life";
    if (beat.startedAtMs === known.startedAtMs) {
      if (beat.sentAtMs <= known.sentAtMs) return "nothing";
      return known.isGone ? "life" : "word";
    }
    // An earlier life's words that are late; or a new life on a host whose clock is behind.
    return this.isHeard(beat.replica, nowMs) ? "nothing" : "life";
  }

  #isBusSilent(nowMs: number): boolean {
    const silenceMs = nowMs - this.#lastSignMs;
    const { busSilenceMs, busSilenceMsMax } = this.#options;
    return silenceMs > busSilenceMs && silenceMs <= busSilenceMsMax;
  }

  #forgive(silenceMs: number, nowMs: number): void {
    for (const known of this.#known.values()) {
      known.heardAtMs = Math.min(nowMs, known.heardAtMs + silenceMs);
    }
  }
}
