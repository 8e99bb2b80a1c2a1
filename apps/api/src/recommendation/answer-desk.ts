/**
 * One answer per request, wherever it comes from: being made, made before, or kept in the archive.
 * A question under an id that was answered already gets that answer.
 */
import { setTimeout as pause } from "node:timers/promises";
import { AppError, toAppError } from "@segue/errors";
import type { ReceiptArchive, SongCatalogue } from "../ports.ts";
import type { StoreAccess } from "../store-access/store-access.ts";
import { type Answer, decodeReceiptRecord } from "./answer.ts";
import { type AnswerMemory, assertSameQuestion } from "./answer-memory.ts";
import type { ReceiptOutbox } from "./receipt-outbox.ts";
import type { Question, Recommender } from "./recommender.ts";
import { versionGroupsOf } from "./version-groups.ts";

export interface AnswerDeskDependencies {
  readonly memory: AnswerMemory;
  readonly recommender: Recommender;
  readonly outbox: ReceiptOutbox;
  readonly receipts: Pick<ReceiptArchive, "findReceipt">;
  readonly access: StoreAccess;
  readonly historyOf: (user: string) => Promise<History>;
  readonly songs: Pick<SongCatalogue, "songsByIds">;
}

export interface History {
  /** Of the user's last plays, oldest first; empty for an unknown user. */
  readonly songIds: readonly string[];
  /** Why they could not be read; empty when they were. */
  readonly shortfall: string;
}

interface Prepared {
  readonly question: Question;
  readonly shortfall: string;
}

/** A caller that sends the same id again is rare; every request has time for a look, and no more. */
const EARLIER_WAIT_MS = 150;
/** A receipt of another server is on its way to the archive for a moment: when it is looked for again. */
const LATER_LOOKS_MS = [50, 100, 150, 300, 400];

export type AskedQuestion = Omit<Question, "historySongIds" | "versionGroupIds" | "modelVersion">;

export class AnswerDesk {
  readonly #dependencies: AnswerDeskDependencies;
  /** Answers whose receipt is kept or on its way. */
  readonly #receipted = new WeakSet<Answer>();

  constructor(dependencies: AnswerDeskDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * The receipt tells what somebody was answered: an answer whose caller has gone meanwhile, as a
   * balancer that asks another server has, leaves none unless it is asked for again here.
   *
   * @param isOwnId the caller chose the request id, so an earlier answer may wait under it
   */
  async answer(question: AskedQuestion, isOwnId: boolean, caller: AbortSignal): Promise<Answer> {
    const answer = await this.#answerOnce(question, isOwnId);
    if (!caller.aborted && !this.#receipted.has(answer)) {
      this.#receipted.add(answer);
      this.#dependencies.outbox.add(answer);
    }
    return answer;
  }

  #answerOnce(question: AskedQuestion, isOwnId: boolean): Promise<Answer> {
    const { memory } = this.#dependencies;
    const fingerprint = fingerprintOf(question);
    return memory.answerFor(question.requestId, fingerprint, async () => {
      // Made meanwhile: nearly always there is none, and the database is not worth a wait for that.
      const made = this.#prepare(question).then((prepared) => this.#make(prepared));
      if (!isOwnId) return made;
      made.catch(() => {});
      const kept = await this.#findEarlier(question.requestId);
      if (kept === undefined) return made;
      assertSameQuestion(question.requestId, fingerprintOf(kept.receipt), fingerprint);
      this.#receipted.add(kept);
      return kept;
    });
  }

  /** RECEIPT_UNKNOWN when there is none, STORE_UNAVAILABLE when that cannot be told. */
  async find(requestId: string): Promise<Answer> {
    const { access } = this.#dependencies;
    for (const waitMs of [0, ...LATER_LOOKS_MS]) {
      if (waitMs > 0) await pause(waitMs);
      const remembered = await this.#dependencies.memory.find(requestId)?.catch(() => undefined);
      const answer = remembered ?? (await access.need(() => this.#findKept(requestId)));
      if (answer !== undefined) return answer;
    }
    throw new AppError(
      "RECEIPT_UNKNOWN",
      `There is no receipt ${JSON.stringify(requestId)}; receipts are kept for 30 days`,
    );
  }

  async #prepare(question: AskedQuestion): Promise<Prepared> {
    const { historyOf, songs } = this.#dependencies;
    const history = question.user === "" ? NO_HISTORY : await historyOf(question.user);
    const asked = { ...question, historySongIds: history.songIds, modelVersion: "" };
    const versionGroupIds = await versionGroupsOf(asked, songs);
    return { question: { ...asked, versionGroupIds }, shortfall: history.shortfall };
  }

  async #make({ question, shortfall }: Prepared): Promise<Answer> {
    return withShortfall(await this.#dependencies.recommender.answer(question), shortfall);
  }

  /**
   * The answer that was given under this id before, by whichever server; undefined where the database
   * cannot tell in time.
   */
  async #findEarlier(requestId: string): Promise<Answer | undefined> {
    try {
      const { access } = this.#dependencies;
      return await access.attempt(EARLIER_WAIT_MS, () => this.#findKept(requestId));
    } catch (thrown) {
      if (toAppError(thrown).code === "STORE_UNAVAILABLE") return undefined;
      throw thrown;
    }
  }

  async #findKept(requestId: string): Promise<Answer | undefined> {
    const stored = await this.#dependencies.receipts.findReceipt(requestId);
    return stored === undefined ? undefined : decodeReceiptRecord(stored.body);
  }
}

const NO_HISTORY: History = { songIds: [], shortfall: "" };

/** Full service without the history is still not the whole truth. */
function withShortfall({ songs, receipt }: Answer, shortfall: string): Answer {
  if (shortfall === "") return { songs, receipt };
  const reason = receipt.reason === "" ? shortfall : `${receipt.reason}; ${shortfall}`;
  return { songs, receipt: { ...receipt, reason } };
}

/** What makes two questions the same; the history belongs to the moment, not to the question. */
function fingerprintOf(question: {
  readonly songIds: readonly string[];
  readonly user: string;
  readonly limit: number;
  readonly songsPerArtistMax: number;
}): string {
  const { songIds, user, limit, songsPerArtistMax } = question;
  return JSON.stringify([songIds, user, limit, songsPerArtistMax]);
}
