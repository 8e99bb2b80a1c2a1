/**
 * One answer per request id: a balancer that sends a request again gets the answer of the first
 * time, also while that is still being made.
 */
import { AppError } from "@segue/errors";
import type { Answer } from "./answer.ts";

export interface AnswerMemoryOptions {
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Answers kept. Default 2000. */
  readonly answersMax?: number;
  /** How long they are kept. Default 10 minutes. */
  readonly ageMsMax?: number;
  /** Answers being made at the same time; more are OVERLOADED. Default 512. */
  readonly inFlightMax?: number;
}

interface Entry {
  readonly fingerprint: string;
  readonly answer: Promise<Answer>;
  readonly createdAtMs: number;
}

export class AnswerMemory {
  readonly #options: Required<AnswerMemoryOptions>;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();
  #inFlight = 0;

  constructor(options: AnswerMemoryOptions) {
    this.#options = { answersMax: 2_000, ageMsMax: 600_000, inFlightMax: 512, ...options };
  }

  /** Answers being made now. */
  get inFlightCount(): number {
    return this.#inFlight;
  }

  /**
   * The answer known under the id, or the one that `make` makes, which is then remembered unless
   * it fails. REQUEST_INVALID when the id was used for a question with another fingerprint.
   */
  answerFor(requestId: string, fingerprint: string, make: () => Promise<Answer>): Promise<Answer> {
    this.#forgetOld();
    const known = this.#entries.get(requestId);
    if (known !== undefined) {
      assertSameQuestion(requestId, known.fingerprint, fingerprint);
      return known.answer;
    }
    this.#assertRoom();
    this.#inFlight += 1;
    const answer = make().finally(() => {
      this.#inFlight -= 1;
    });
    this.#entries.set(requestId, { fingerprint, answer, createdAtMs: this.#options.now() });
    answer.catch(() => this.#entries.delete(requestId));
    return answer;
  }

  /** The answer known or being made under the id. */
  find(requestId: string): Promise<Answer> | undefined {
    this.#forgetOld();
    return this.#entries.get(requestId)?.answer;
  }

  /** Forgets what the user was answered, and what is being answered once it is made. */
  forgetUser(user: string): void {
    for (const [requestId, entry] of this.#entries) {
      entry.answer.then(
        ({ receipt }) => {
          const isThere = this.#entries.get(requestId) === entry;
          if (receipt.user === user && isThere) this.#entries.delete(requestId);
        },
        () => {},
      );
    }
  }

  #assertRoom(): void {
    const { inFlightMax } = this.#options;
    if (this.#inFlight < inFlightMax) return;
    throw new AppError(
      "OVERLOADED",
      `${inFlightMax} recommendations are being made at this moment; try again in a second`,
      { details: { retryAfterSeconds: 1 } },
    );
  }

  #forgetOld(): void {
    const { answersMax, ageMsMax, now } = this.#options;
    const keptSinceMs = now() - ageMsMax;
    for (const [requestId, { createdAtMs }] of this.#entries) {
      if (createdAtMs >= keptSinceMs && this.#entries.size <= answersMax) return;
      this.#entries.delete(requestId);
    }
  }
}

export function assertSameQuestion(requestId: string, known: string, asked: string): void {
  if (known === asked) return;
  throw new AppError(
    "REQUEST_INVALID",
    `The request id ${requestId} belongs to another question; send a new X-Request-Id, or none`,
  );
}
