/** What the API needs of the world, each as narrow as its use; packages/store and search fit them. */
import type { CatalogueSong, ModelVocabulary, Song } from "@segue/domain";
import type { BucketRange, Listening, SongCount } from "@segue/statistics/live";

export interface SongCatalogue {
  /** The songs there are, by id; unknown ids are absent. */
  songsByIds(ids: readonly string[]): Promise<ReadonlyMap<string, CatalogueSong>>;
  /** By popularity, most first. */
  mostPopular(limit: number): Promise<readonly CatalogueSong[]>;
  /** Ids of songs by the name key that `songIdFor(artist, title)` gives. */
  idsByName(nameKeys: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface SongSearch {
  /** Best first; REQUEST_INVALID below three characters. */
  search(
    text: string,
    limit: number,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly Song[]>;
  /** Those of the songs that the index has, at once. */
  songsByIds(ids: readonly string[]): ReadonlyMap<string, CatalogueSong>;
  /** Whether there is an index that answers. */
  isReady(): boolean;
}

export interface StoredPlay {
  readonly user: string;
  readonly key: string;
  readonly songId: string | null;
  readonly title: string | null;
  readonly artist: string | null;
  /** Start, unix milliseconds. */
  readonly playedAtMs: number;
  readonly seconds: number | null;
  readonly session: string | null;
}

export interface PlayArchive {
  appendPlays(plays: readonly StoredPlay[]): Promise<unknown>;
  deletePlay(user: string, key: string): Promise<boolean>;
  findPlay(user: string, key: string): Promise<StoredPlay | undefined>;
  /** The user's newest plays since then, at most `limit`, oldest first. */
  lastPlays(user: string, sinceMs: number, limit: number): Promise<readonly StoredPlay[]>;
}

/** Of an erasure's record on its topic. */
export interface ErasurePlace {
  readonly partition: number;
  readonly offset: bigint;
}

export interface UserArchive {
  /** Plays that came behind the place and are not stored yet stay on their way. */
  eraseUser(user: string, place: ErasurePlace): Promise<unknown>;
  eraseReceiptsOf(user: string, place: ErasurePlace): Promise<unknown>;
}

export interface Listener {
  readonly user: string;
  readonly plays: number;
  readonly heardMs: number;
  readonly firstPlayAtMs: number;
  readonly lastPlayAtMs: number;
}

export interface PartListening
  extends Pick<
    Listening,
    "plays" | "heardMs" | "songCount" | "artistCount" | "topSongs" | "topArtists" | "topGenres"
  > {
  /** Null: the period holds too many plays to tell those of an artist or a genre by time. */
  readonly times: Listening["times"] | null;
}

export interface ListeningArchive {
  /** Exact figures of all plays stored when this is asked; without a user, everybody's. */
  readListening(question: {
    readonly user?: string;
    readonly range: BucketRange;
    /** Entries of each top list. */
    readonly limit: number;
  }): Promise<Listening>;
  /** The same of one artist or one genre ("": not known), or in the quarters of an hour included. */
  readPart(
    question: { readonly user?: string; readonly range: BucketRange; readonly limit: number },
    part: {
      readonly artist?: string;
      readonly genre?: string;
      readonly includes?: (bucket: number) => boolean;
    },
  ): Promise<PartListening>;
  /** The song of the user's first play in the period, with its plays in the period. */
  firstSong(user: string, range: BucketRange): Promise<SongCount | undefined>;
  /** Most plays first. */
  listeners(options: {
    readonly prefix?: string;
    readonly limit: number;
  }): Promise<readonly Listener[]>;
  listenerCount(): Promise<number>;
  /** Rises with every change of any play, by any process. */
  playRevision(): Promise<number>;
  /** Rises with every change of the user's figures. */
  listenerRevision(user: string): Promise<number>;
}

export interface StoredReceipt {
  readonly requestId: string;
  readonly user: string | null;
  readonly createdAtMs: number;
  /** A ReceiptRecord message. */
  readonly body: Uint8Array;
}

export interface ReceiptArchive {
  putReceipts(receipts: readonly StoredReceipt[]): Promise<void>;
  findReceipt(requestId: string): Promise<StoredReceipt | undefined>;
  /** Deletes at most `limit` receipts made before then and returns their number. */
  deleteReceiptsBefore(timeMs: number, limit?: number): Promise<number>;
}

/** Neighbour lists for the degradation ladder and the version that is promoted now. */
export interface ModelDirectory {
  currentVersion(): string | undefined;
  vocabularyFor(version: string): ModelVocabulary | undefined;
}
