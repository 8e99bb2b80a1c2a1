/** The four unary calls, for servers that know no other: all plays in one message. */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import {
  GenreAnalysisService,
  MapReduceService,
  RecommendationService,
  StreamListSchema,
  type StreamRecordSchema,
  UserBehaviorService,
} from "@segue/contracts/music";
import { AppError } from "@segue/errors";
import type { Ranking, Recommendations, SongCounts, UserFigures } from "./analysis.ts";
import type { AnalyticsService } from "./analytics-service.ts";
import type { CodedColumn, CodedPlays } from "./coded-plays.ts";
import type { CallOptions, PlayCall } from "./streamed-calls.ts";

/** What a stock gRPC server takes in one message. */
export const UNARY_BYTES_MAX = 4 * 1024 * 1024;

type RecordInit = MessageInitShape<typeof StreamRecordSchema>;
type PlayList = MessageInitShape<typeof StreamListSchema>;

export function callSongCounts(
  service: AnalyticsService,
  options: CallOptions,
): PlayCall<SongCounts> {
  const client = createClient(MapReduceService, service.transport);
  return listCall(service, async (list) => {
    const { playCounts, processingTime } = await client.aggregateStream(list, options);
    return {
      keys: Object.keys(playCounts),
      counts: Object.values(playCounts),
      processingSeconds: processingTime,
    };
  });
}

export function callUserFigures(
  service: AnalyticsService,
  options: CallOptions,
): PlayCall<UserFigures> {
  const client = createClient(UserBehaviorService, service.transport);
  return listCall(service, async (list) => {
    const { userStats, topUsers, processingTime } = await client.analyzeUsers(list, options);
    return {
      ids: userStats.map(({ userId }) => userId),
      totalSeconds: userStats.map(({ totalTime }) => totalTime),
      topArtists: userStats.map(({ topArtist }) => topArtist),
      topUsers,
      processingSeconds: processingTime,
    };
  });
}

export function callRanking(
  service: AnalyticsService,
  column: "genres" | "artists",
  options: CallOptions,
): PlayCall<Ranking> {
  const client = createClient(GenreAnalysisService, service.transport);
  return listCall(service, async ({ records = [] }) => {
    const ranked = column === "genres" ? records : records.map(asGenre);
    const answer = await client.analyzeGenres({ records: ranked }, options);
    return {
      names: answer.topGenres,
      counts: answer.topGenres.map((name) => answer.genreCounts[name] ?? 0),
      processingSeconds: answer.processingTime,
    };
  });
}

export async function callRecommendations(
  service: AnalyticsService,
  songs: SongCounts,
  users: UserFigures,
  options: CallOptions,
): Promise<Recommendations> {
  const client = createClient(RecommendationService, service.transport);
  const answer = await client.recommend(
    {
      playCounts: {
        playCounts: Object.fromEntries(songs.keys.map((key, at) => [key, songs.counts[at] ?? 0])),
      },
      userStats: {
        userStats: users.ids.map((userId, at) => ({
          userId,
          totalTime: users.totalSeconds[at] ?? 0,
          topArtist: users.topArtists[at] ?? "",
        })),
        topUsers: [...users.topUsers],
      },
    },
    options,
  );
  return {
    trending: answer.trendingSongs,
    users: users.ids,
    recommended: users.ids.map((id) =>
      bitsOf(answer.recommendations[id]?.values ?? [], answer.trendingSongs),
    ),
    processingSeconds: answer.processingTime,
  };
}

function listCall<Answer>(
  service: AnalyticsService,
  call: (list: PlayList) => Promise<Answer>,
): PlayCall<Answer> {
  const list = new RecordList(service);
  const { promise: answer, resolve, reject } = Promise.withResolvers<Answer>();
  answer.catch(() => {});
  return {
    async send(plays) {
      try {
        list.add(plays);
      } catch (thrown) {
        reject(thrown);
      }
    },
    end() {
      const records = list.records;
      const bytes = toBinary(StreamListSchema, create(StreamListSchema, { records })).length;
      if (bytes > UNARY_BYTES_MAX) reject(tooLarge(service));
      else call({ records }).then(resolve, reject);
    },
    answer,
  };
}

/** Rows as objects: there are at most so many as fit one message. */
class RecordList {
  readonly records: RecordInit[] = [];
  readonly #service: AnalyticsService;
  readonly #users: string[] = [];
  readonly #songs: string[] = [];
  readonly #artists: string[] = [];
  readonly #genres: string[] = [];
  readonly #timestamps: string[] = [];
  /** At least so many bytes will the message have. */
  #bytesMin = 0;

  constructor(service: AnalyticsService) {
    this.#service = service;
  }

  add(plays: CodedPlays): void {
    const userOf = decoder(this.#users, plays.users);
    const songOf = decoder(this.#songs, plays.songs);
    const artistOf = decoder(this.#artists, plays.artists);
    const genreOf = decoder(this.#genres, plays.genres);
    const timestampOf = plays.timestamps && decoder(this.#timestamps, plays.timestamps);
    for (let row = 0; row < plays.rowCount; row++) {
      const record = {
        userId: userOf(row),
        songId: songOf(row),
        artist: artistOf(row),
        duration: plays.seconds[row] ?? 0,
        timestamp: timestampOf?.(row) ?? "",
        genre: genreOf(row),
      };
      this.#bytesMin += record.userId.length + record.songId.length + record.artist.length;
      if (this.#bytesMin > UNARY_BYTES_MAX) throw tooLarge(this.#service);
      this.records.push(record);
    }
  }
}

function decoder(dictionary: string[], { added, codes }: CodedColumn): (row: number) => string {
  for (const value of added) dictionary.push(value);
  return (row) => dictionary[codes[row] ?? 0] ?? "";
}

function asGenre(record: RecordInit): RecordInit {
  return { ...record, genre: record.artist ?? "" };
}

function bitsOf(values: readonly string[], trending: readonly string[]): number {
  return values.reduce((bits, key) => {
    const song = trending.indexOf(key);
    return song === -1 ? bits : bits | (1 << song);
  }, 0);
}

function tooLarge({ title, address }: AnalyticsService): AppError {
  return new AppError(
    "PAYLOAD_TOO_LARGE",
    `${title} at ${address} has only the unary calls, and these plays do not fit its one message of ` +
      `${UNARY_BYTES_MAX / 2 ** 20} MiB; call a Segue server, which takes them in batches, or give fewer plays.`,
    { details: { service: title, address } },
  );
}
