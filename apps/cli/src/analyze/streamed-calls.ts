/** The streaming calls: plays go out batch by batch while the file is read. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import {
  AnalyticsStreamService,
  type PlayBatchSchema,
  type RecommendBatchesRequestSchema,
  type StringColumnSchema,
} from "@segue/contracts/analytics";
import type { Ranking, Recommendations, SongCounts, UserFigures } from "./analysis.ts";
import type { AnalyticsService } from "./analytics-service.ts";
import { BoundedQueue } from "./bounded-queue.ts";
import type { CodedColumn, CodedPlays } from "./coded-plays.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** A call under way: plays in, at the end the answer. */
export interface PlayCall<Answer> {
  /** Resolves when the next batch may come; in vain once the call has failed. */
  send(plays: CodedPlays): Promise<void>;
  /** No more plays come. */
  end(): void;
  /** Rejects with what the client library throws. */
  readonly answer: Promise<Answer>;
}

/** Batches that wait for the network, per call. */
const QUEUE_MAX = 4;
/** Songs and users go back in messages of about so many characters, far below every limit. */
const MESSAGE_CHARACTERS_MAX = 512 * 1024;

type BatchInit = MessageInitShape<typeof PlayBatchSchema>;
type RecommendInit = MessageInitShape<typeof RecommendBatchesRequestSchema>;

export function streamSongCounts(
  { transport }: AnalyticsService,
  options: CallOptions,
): PlayCall<SongCounts> {
  const client = createClient(AnalyticsStreamService, transport);
  return playCall(
    ({ songs, artists }) => ({ songs: columnOf(songs), artists: columnOf(artists) }),
    async (batches) => {
      const keys: string[] = [];
      const counts: number[] = [];
      let processingSeconds = 0;
      for await (const answer of client.aggregatePlays(batches, options)) {
        for (const key of answer.keys) keys.push(key);
        for (const count of answer.counts) counts.push(Number(count));
        processingSeconds = answer.processingTime;
      }
      return { keys, counts, processingSeconds };
    },
  );
}

export function streamUserFigures(
  { transport }: AnalyticsService,
  options: CallOptions,
): PlayCall<UserFigures> {
  const client = createClient(AnalyticsStreamService, transport);
  return playCall(
    ({ users, artists, seconds }) => ({
      users: columnOf(users),
      artists: columnOf(artists),
      seconds: narrowed(seconds),
    }),
    async (batches) => {
      const ids: string[] = [];
      const totalSeconds: number[] = [];
      const topArtists: string[] = [];
      let topUsers: string[] = [];
      let processingSeconds = 0;
      for await (const answer of client.analyzeUserBatches(batches, options)) {
        for (const id of answer.users) ids.push(id);
        for (const seconds of answer.totalSeconds) totalSeconds.push(Number(seconds));
        for (const artist of answer.topArtists) topArtists.push(artist);
        topUsers = answer.topUsers;
        processingSeconds = answer.processingTime;
      }
      return { ids, totalSeconds, topArtists, topUsers, processingSeconds };
    },
  );
}

/** Plays by the values of one column, which to the service is the genre. */
export function streamRanking(
  { transport }: AnalyticsService,
  column: "genres" | "artists",
  options: CallOptions,
): PlayCall<Ranking> {
  const client = createClient(AnalyticsStreamService, transport);
  return playCall(
    (plays) => ({ genres: columnOf(plays[column]) }),
    async (batches) => {
      const names: string[] = [];
      const counts: number[] = [];
      let processingSeconds = 0;
      for await (const answer of client.analyzeGenreBatches(batches, options)) {
        for (const name of answer.genres) names.push(name);
        for (const count of answer.counts) counts.push(Number(count));
        processingSeconds = answer.processingTime;
      }
      return { names, counts, processingSeconds };
    },
  );
}

/** Not before the answers of the first two are there: they are its question. */
export async function streamRecommendations(
  { transport }: AnalyticsService,
  songs: SongCounts,
  users: UserFigures,
  options: CallOptions,
): Promise<Recommendations> {
  const client = createClient(AnalyticsStreamService, transport);
  const trending: string[] = [];
  const ids: string[] = [];
  const recommended: number[] = [];
  let processingSeconds = 0;
  const requests = recommendRequests(songs, users);
  for await (const answer of client.recommendBatches(requests, options)) {
    trending.push(...answer.trendingSongs);
    for (const id of answer.users) ids.push(id);
    for (const bits of answer.recommended) recommended.push(bits);
    processingSeconds = answer.processingTime;
  }
  return { trending, users: ids, recommended, processingSeconds };
}

function playCall<Answer>(
  columnsOf: (plays: CodedPlays) => BatchInit,
  call: (batches: AsyncIterable<{ plays: BatchInit }>) => Promise<Answer>,
): PlayCall<Answer> {
  const queue = new BoundedQueue<{ plays: BatchInit }>(QUEUE_MAX);
  const answer = call(queue).finally(() => queue.close());
  // Whoever sends looks at the answer later; until then its failure is no unhandled one.
  answer.catch(() => {});
  return {
    send: (plays) =>
      queue.push({
        plays: {
          firstRow: BigInt(plays.firstRow),
          rows: plays.rowCount,
          ...columnsOf(plays),
        },
      }),
    end: () => queue.close(),
    answer,
  };
}

function columnOf({ added, codes }: CodedColumn): MessageInitShape<typeof StringColumnSchema> {
  return { added: [...added], codes: narrowed(codes) };
}

/**
 * Numbers that are not negative, each in 1, 2 or 4 bytes as the largest needs: half the bytes of most
 * runs. Little-endian, as every processor is that Node runs on.
 */
function narrowed(
  numbers: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  let bits = 0;
  for (let at = 0; at < numbers.length; at++) bits |= numbers[at] as number;
  if (bits >>> 8 === 0) return new Uint8Array(numbers);
  if (bits >>> 16 === 0) return new Uint8Array(new Uint16Array(numbers).buffer);
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

async function* recommendRequests(
  { keys, counts }: SongCounts,
  { ids, topArtists }: UserFigures,
): AsyncGenerator<RecommendInit> {
  for (const [from, to] of slicesOf(keys)) {
    yield { keys: keys.slice(from, to), counts: counts.slice(from, to).map(BigInt) };
  }
  for (const [from, to] of slicesOf(ids, topArtists)) {
    yield { users: ids.slice(from, to), topArtists: topArtists.slice(from, to) };
  }
}

/** Ranges of rows whose texts fit one message together. */
function* slicesOf(...columns: readonly (readonly string[])[]): Generator<[number, number]> {
  const length = columns[0]?.length ?? 0;
  let from = 0;
  let characters = 0;
  for (let row = 0; row < length; row++) {
    for (const column of columns) characters += (column[row]?.length ?? 0) + 8;
    if (characters < MESSAGE_CHARACTERS_MAX && row < length - 1) continue;
    yield [from, row + 1];
    from = row + 1;
    characters = 0;
  }
}
