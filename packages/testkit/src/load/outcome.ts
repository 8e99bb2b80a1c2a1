/** What a client asked and what became of it. */

export interface Question {
  readonly songs: readonly string[];
  readonly limit: number;
}

export interface AnsweredSong {
  readonly id: string;
  readonly score: number;
}

/** The parts of a receipt that the checker looks at. */
export interface ReceiptFacts {
  readonly requestId: string;
  readonly modelVersion: string;
  readonly level: string;
  readonly reason?: string;
  readonly attempts: number;
  readonly songs: readonly string[];
}

export interface Answer {
  readonly requestId: string;
  readonly songs: readonly AnsweredSong[];
  readonly receipt: ReceiptFacts;
}

export interface Outcome {
  /** Which of the asked questions. */
  readonly question: number;
  /** The id that the client sent; absent where the balancer was to make one. */
  readonly sentId?: string;
  /** When it was due by the arrival rate and sent at once, milliseconds of `performance.now()`. */
  readonly sentAtMs: number;
  /** Absent: nobody answered before the client gave up. */
  readonly latencyMs?: number;
  readonly status?: number;
  readonly answer?: Answer;
  /** What the connection said, or an answer that is no continuation. */
  readonly problem?: string;
}
