/**
 * One answer per request, wherever it comes from: being made, made before, or kept in the archive.
 * A question under an id that was answered already gets that answer.
 */
import { AppError } from "@segue/errors";
import type { ReceiptArchive, SongCatalogue } from "../ports.ts";
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
  /** The song ids of the user's last plays, oldest first; empty for an unknown user. */
  readonly historyOf: (user: string) => Promise<readonly string[]>;
  readonly songs: Pick<SongCatalogue, "songsByIds">;
}

export type AskedQuestion = Omit<Question, "historySongIds" | "versionGroupIds" | "modelVersion">;

export class AnswerDesk {
  readonly #dependencies: AnswerDeskDependencies;

  constructor(dependencies: AnswerDeskDependencies) {
    this.#dependencies = dependencies;
  }

  /** `isOwnId`: the caller chose the request id, so an earlier answer may wait under it. */
  answer(question: AskedQuestion, isOwnId: boolean): Promise<Answer> {
    const { memory } = this.#dependencies;
    const fingerprint = fingerprintOf(question);
    return memory.answerFor(question.requestId, fingerprint, async () => {
      const kept = isOwnId ? await this.#findKept(question.requestId) : undefined;
      if (kept === undefined) return this.#make(question);
      assertSameQuestion(question.requestId, fingerprintOf(kept.receipt), fingerprint);
      return kept;
    });
  }

  /** RECEIPT_UNKNOWN when there is none. */
  async find(requestId: string): Promise<Answer> {
    const remembered = await this.#dependencies.memory.find(requestId)?.catch(() => undefined);
    const answer = remembered ?? (await this.#findKept(requestId));
    if (answer !== undefined) return answer;
    throw new AppError(
      "RECEIPT_UNKNOWN",
      `There is no receipt ${JSON.stringify(requestId)}; receipts are kept for 30 days`,
    );
  }

  async #make(question: AskedQuestion): Promise<Answer> {
    const { recommender, outbox, historyOf, songs } = this.#dependencies;
    const historySongIds = question.user === "" ? [] : await historyOf(question.user);
    const asked = { ...question, historySongIds, modelVersion: "" };
    const versionGroupIds = await versionGroupsOf(asked, songs);
    const answer = await recommender.answer({ ...asked, versionGroupIds });
    outbox.add(answer);
    return answer;
  }

  async #findKept(requestId: string): Promise<Answer | undefined> {
    const stored = await this.#dependencies.receipts.findReceipt(requestId);
    return stored === undefined ? undefined : decodeReceiptRecord(stored.body);
  }
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
