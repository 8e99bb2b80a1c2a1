/**
 * The catalogue search of one process: queries run in a thread over a local index file, which is
 * built from the source, reused at the next start, refreshed when behind, and rebuilt when damaged.
 * Queries go on against the old index until the new one is open.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { CatalogueSong, Song } from "@segue/domain";
import { AppError, toAppError } from "@segue/errors";

import { CallableThread } from "./callable-thread.ts";
import { newestIndexFile, newIndexFile, removeOtherIndexFiles } from "./index-directory.ts";
import { isDamage } from "./index-file.ts";
import { QueryQueue } from "./query-queue.ts";
import type { QueryThreadCalls } from "./query-thread.ts";
import type { SearchIndexFigures, SearchIndexOptions } from "./search-index.ts";
import { assertSearchable } from "./search-query.ts";
import { SongLookup } from "./song-lookup.ts";
import type { SongSource } from "./song-source.ts";
import { buildIndex, updateIndex } from "./write-index.ts";

export interface SearchWorkerOptions {
  readonly source: SongSource;
  /** Holds the index file; belongs to this process and this source alone. */
  readonly directory: string;
  /** Searches that may wait while one runs; more are OVERLOADED. Default 64. */
  readonly waitingMax?: number;
  /**
   * How often the source is asked for changes; 0: only by `refresh`. Default 15000. A source that
   * failed is asked again sooner, at first after half a second.
   */
  readonly refreshIntervalMs?: number;
  /** No further correction of a search is tried after so long. Default 25. */
  readonly budgetMs?: number;
  /** For the log; fields are plain values. */
  readonly onEvent?: (event: SearchEvent) => void;
}

export interface SearchEvent {
  readonly name:
    | "search.opened"
    | "search.built"
    | "search.refreshed"
    | "search.restarted"
    | "search.failed";
  readonly durationMs?: number;
  readonly figures?: SearchIndexFigures;
  readonly error?: AppError;
}

export interface CatalogueSearch {
  /**
   * At most `limit` songs, best first. Rejects with REQUEST_INVALID below three characters,
   * OVERLOADED when too many wait, CANCELLED by the signal, SEARCH_UNAVAILABLE without an index.
   */
  search(
    text: string,
    limit: number,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly Song[]>;
  /**
   * The songs that the index has, in the order of the ids; others are left out. Answers at once,
   * on this thread, also while the source is away. The index follows the source by its revision:
   * until the next refresh a new song is missing, an edited one has its former fields and a deleted
   * one is still there.
   */
  songsByIds(ids: readonly string[]): ReadonlyMap<string, CatalogueSong>;
  /** Whether there is an index that answers. */
  isReady(): boolean;
  /** Brings the index to the source's present revision; resolves when searches see it. */
  refresh(): Promise<void>;
  /** What the index holds, or undefined while there is none. */
  figures(): SearchIndexFigures | undefined;
  waitingCount(): number;
  close(): Promise<void>;
}

/**
 * Resolves when searches are answered: from the sound index of an earlier start, whether or not the
 * source can be read now, or from a new one. Rejects with what the source throws (a store:
 * STORE_UNAVAILABLE) when there is neither.
 */
export async function createSearchWorker(options: SearchWorkerOptions): Promise<CatalogueSearch> {
  const worker = new SearchWorker(options);
  await worker.start();
  return worker;
}

const WAITING_MAX_DEFAULT = 64;
const REFRESH_INTERVAL_MS_DEFAULT = 15_000;
const RETRY_DELAY_MS_FIRST = 500;
/** A source that does not answer must not hold up the end; what is half built goes at the next start. */
const CLOSING_MS_MAX = 2_000;
/** Beyond so many words that came later the dictionary is built anew, in a fresh thread. */
const ADDED_WORDS_MAX = 5000;

/** An open index that answers. */
interface Served {
  readonly file: string;
  readonly thread: CallableThread<QueryThreadCalls>;
  figures: SearchIndexFigures;
}

class SearchWorker implements CatalogueSearch {
  readonly #options: SearchWorkerOptions;
  readonly #queue: QueryQueue;
  readonly #closing = new AbortController();
  #served: Served | undefined;
  /** Of the file that is or was served last: it goes on while a lost thread is replaced. */
  #lookup: SongLookup | undefined;
  /** Found by a query; the file goes on answering what it can until the rebuilt one is open. */
  #isDamaged = false;
  /** Why there is no index to search, while that is so and nothing is under way to change it. */
  #failure: AppError | undefined;
  #comparedRevision: number | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What the last refresh failed with, which is told once. */
  #toldFailure: string | undefined;

  constructor(options: SearchWorkerOptions) {
    this.#options = options;
    this.#queue = new QueryQueue(options.waitingMax ?? WAITING_MAX_DEFAULT);
  }

  async start(): Promise<void> {
    await this.#open();
    const intervalMs = this.#options.refreshIntervalMs ?? REFRESH_INTERVAL_MS_DEFAULT;
    if (intervalMs > 0) void this.#follow(intervalMs, RETRY_DELAY_MS_FIRST);
  }

  async search(
    text: string,
    limit: number,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly Song[]> {
    assertSearchable(text);
    if (this.#failure !== undefined) throw this.#failure;
    return this.#queue.push(text, limit, options.signal);
  }

  songsByIds(ids: readonly string[]): ReadonlyMap<string, CatalogueSong> {
    try {
      return this.#lookup?.songsByIds(ids) ?? new Map();
    } catch (error) {
      // The source knows them too.
      if (isDamage(error)) this.#onDamage();
      return new Map();
    }
  }

  isReady(): boolean {
    return this.#failure === undefined && this.#served !== undefined;
  }

  refresh(): Promise<void> {
    // A change made after the running refresh has read the source needs one more, and one is enough.
    this.#next ??= this.#running.then(() => {
      const refresh = this.#synchronize();
      this.#running = refresh.catch(() => undefined);
      this.#next = undefined;
      return refresh;
    });
    return this.#next;
  }

  figures(): SearchIndexFigures | undefined {
    return this.#served?.figures;
  }

  waitingCount(): number {
    return this.#queue.waitingCount;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#fail(unavailable("The search is closed."));
    const isOver = new AbortController();
    await Promise.race([
      this.#running.finally(() => isOver.abort()),
      pause(CLOSING_MS_MAX, undefined, { signal: isOver.signal }).catch(() => undefined),
    ]);
    const served = this.#served;
    this.#served = undefined;
    this.#lookup?.close();
    this.#lookup = undefined;
    await served?.thread.stop();
  }

  /** Refreshes again and again; after a failure sooner, but less and less so. */
  async #follow(intervalMs: number, retryDelayMs: number): Promise<void> {
    const isFresh = await this.#refreshInBackground();
    if (this.#closing.signal.aborted) return;
    const delayMs = isFresh ? intervalMs : Math.min(intervalMs, retryDelayMs);
    const nextRetryDelayMs = isFresh ? RETRY_DELAY_MS_FIRST : 2 * retryDelayMs;
    this.#timer = setTimeout(() => {
      void this.#follow(intervalMs, nextRetryDelayMs);
    }, delayMs).unref();
  }

  /** True when the index is up to date now. */
  async #refreshInBackground(): Promise<boolean> {
    try {
      await this.refresh();
      this.#toldFailure = undefined;
      return true;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (this.#closing.signal.aborted || this.#toldFailure === error.message) return false;
      this.#toldFailure = error.message;
      this.#options.onEvent?.({ name: "search.failed", error });
      return false;
    }
  }

  #onDamage(): void {
    this.#isDamaged = true;
    void this.#refreshInBackground();
  }

  /** The index that is there, if it is sound; else a new one. */
  async #open(): Promise<void> {
    const { directory } = this.#options;
    const file = newestIndexFile(directory);
    if (file !== undefined && (await this.#reuse(file))) {
      removeOtherIndexFiles(directory, file);
    } else {
      await this.#rebuild();
    }
  }

  async #reuse(file: string): Promise<boolean> {
    const startedAt = performance.now();
    try {
      await this.#serve(await this.#openThread(file));
      this.#report("search.opened", startedAt);
      return true;
    } catch (error) {
      this.#options.onEvent?.({ name: "search.failed", error: toAppError(error) });
      return false;
    }
  }

  async #synchronize(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (this.#served === undefined) await this.#open();
    const served = this.#served;
    const { source } = this.#options;
    const to = await source.currentRevision();
    // An index ahead of its source was built from another one.
    if (served === undefined || this.#isDamaged || to < served.figures.revision) {
      await this.#rebuild();
      return;
    }
    if (to > served.figures.revision) await this.#update(served, to);
    if (await this.#hasDrifted(to)) await this.#rebuild();
  }

  async #update(served: Served, to: number): Promise<void> {
    const startedAt = performance.now();
    const revisions = { from: served.figures.revision, to };
    const { source } = this.#options;
    try {
      await updateIndex(served.file, source, revisions, this.#closing.signal);
      await this.#learn(served.file);
      this.#report("search.refreshed", startedAt);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#rebuild();
    }
  }

  /**
   * Whether source and index hold different numbers of songs at one revision, as they do after a
   * song was deleted. Asked once for each revision: counting is not free, and never settles a
   * difference that a rebuild did not.
   */
  async #hasDrifted(revision: number): Promise<boolean> {
    if (this.#comparedRevision === revision) return false;
    const { source } = this.#options;
    const songCount = await source.songCount();
    if ((await source.currentRevision()) !== revision) return false;
    this.#comparedRevision = revision;
    const figures = this.#served?.figures;
    return figures?.revision === revision && figures.songCount !== songCount;
  }

  /** Lets the thread that answers now learn what the file has got. */
  async #learn(file: string): Promise<void> {
    const served = this.#served;
    if (served === undefined) return;
    served.figures = await served.thread.call("refresh");
    if (served.figures.addedWordCount > ADDED_WORDS_MAX) {
      await this.#serve(await this.#openThread(file));
    }
  }

  async #rebuild(): Promise<void> {
    const startedAt = performance.now();
    const { directory, source } = this.#options;
    const file = newIndexFile(directory);
    await buildIndex(file, source, this.#closing.signal);
    await this.#serve(await this.#openThread(file));
    this.#isDamaged = false;
    removeOtherIndexFiles(directory, file);
    this.#report("search.built", startedAt);
  }

  async #openThread(file: string): Promise<Served> {
    const { budgetMs } = this.#options;
    const options: SearchIndexOptions = { file, ...(budgetMs === undefined ? {} : { budgetMs }) };
    const thread = new CallableThread<QueryThreadCalls>(
      new URL("./query-thread.ts", import.meta.url),
      options,
    );
    try {
      return { file, thread, figures: await thread.call("refresh") };
    } catch (error) {
      await thread.stop();
      throw error;
    }
  }

  /** From here on searches go to this thread; the one before finishes what it has begun. */
  async #serve(served: Served): Promise<void> {
    const before = this.#served;
    try {
      this.#lookUpIn(served.file);
    } catch (error) {
      await served.thread.stop();
      throw error;
    }
    this.#served = served;
    this.#failure = undefined;
    this.#queue.runWith((text, limit) => this.#run(served, text, limit));
    void served.thread.exited.then(() => this.#recover(served));
    if (before === undefined) return;
    await before.thread.call("close").catch(() => undefined);
    await before.thread.stop();
  }

  #lookUpIn(file: string): void {
    if (this.#lookup?.file === file) return;
    const lookup = new SongLookup(file);
    this.#lookup?.close();
    this.#lookup = lookup;
  }

  async #run(served: Served, text: string, limit: number): Promise<readonly Song[]> {
    try {
      return await served.thread.call("search", text, limit);
    } catch (error) {
      if (!isDamage(error)) throw toAppError(error);
      this.#onDamage();
      throw unavailable("The search index is damaged and being rebuilt; try again soon.", error);
    }
  }

  /** After a thread ended that should be answering: open its file again, or build another. */
  async #recover(lost: Served): Promise<void> {
    if (this.#served !== lost) return;
    this.#served = undefined;
    this.#queue.runWith(undefined);
    const startedAt = performance.now();
    try {
      const served = await this.#openThread(lost.file);
      // A rebuild that ended meanwhile has brought a newer index, or nobody wants one any more.
      if (this.#isServing() || this.#closing.signal.aborted) return await served.thread.stop();
      await this.#serve(served);
      this.#report("search.restarted", startedAt);
    } catch (error) {
      if (this.#isServing() || this.#closing.signal.aborted) return;
      this.#fail(unavailable("The search index cannot be opened; try again soon.", error));
      void this.#refreshInBackground();
    }
  }

  #isServing(): boolean {
    return this.#served !== undefined;
  }

  #fail(failure: AppError): void {
    this.#failure = failure;
    this.#queue.rejectAll(failure);
  }

  #report(name: SearchEvent["name"], startedAt: number): void {
    const figures = this.#served?.figures;
    const durationMs = performance.now() - startedAt;
    this.#options.onEvent?.({ name, durationMs, ...(figures === undefined ? {} : { figures }) });
  }
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError("SEARCH_UNAVAILABLE", message, { cause });
}
