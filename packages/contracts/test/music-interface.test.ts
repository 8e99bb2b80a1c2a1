/** Package music as clients in other languages know it: names, numbers and types, for ever. */
import type { DescField } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { file_music_music } from "../src/gen/music/music_pb.ts";

const INTERFACE = {
  StreamRecord: [
    "1: string user_id",
    "2: string song_id",
    "3: string artist",
    "4: int32 duration",
    "5: string timestamp",
    "6: string genre",
  ],
  StreamList: ["1: repeated StreamRecord records"],
  PlayCounts: ["1: map<string, int32> play_counts", "2: double processing_time"],
  UserStat: ["1: string user_id", "2: int32 total_time", "3: string top_artist"],
  UserStatsList: [
    "1: repeated UserStat user_stats",
    "2: repeated string top_users",
    "3: double processing_time",
  ],
  RecommendationRequest: ["1: PlayCounts play_counts", "2: UserStatsList user_stats"],
  repeated_string: ["1: repeated string values"],
  RecommendationResponse: [
    "1: repeated string trending_songs",
    "2: map<string, repeated_string> recommendations",
    "3: double processing_time",
  ],
  GenreAnalysisResponse: [
    "1: map<string, int32> genre_counts",
    "2: repeated string top_genres",
    "3: double processing_time",
  ],
};

const CALLS = [
  "MapReduceService.AggregateStream(StreamList) PlayCounts unary",
  "UserBehaviorService.AnalyzeUsers(StreamList) UserStatsList unary",
  "RecommendationService.Recommend(RecommendationRequest) RecommendationResponse unary",
  "GenreAnalysisService.AnalyzeGenres(StreamList) GenreAnalysisResponse unary",
];

function typeOf(field: DescField): string {
  const element =
    field.message?.name ??
    (field.scalar === undefined ? "enum" : ScalarType[field.scalar].toLowerCase());
  if (field.fieldKind === "list") return `repeated ${element}`;
  if (field.fieldKind === "map")
    return `map<${ScalarType[field.mapKey].toLowerCase()}, ${element}>`;
  return element;
}

describe("package music", () => {
  test("has its messages, with their numbers and types", () => {
    const messages = file_music_music.messages.map(({ name, fields }) => [
      name,
      fields.map((field) => `${field.number}: ${typeOf(field)} ${field.name}`),
    ]);
    expect(Object.fromEntries(messages)).toEqual(INTERFACE);
  });

  test("has its calls", () => {
    const calls = file_music_music.services.flatMap(({ name: service, methods }) =>
      methods.map(
        ({ name, input, output, methodKind }) =>
          `${service}.${name}(${input.name}) ${output.name} ${methodKind}`,
      ),
    );
    expect(calls).toEqual(CALLS);
    expect(file_music_music.proto.package).toBe("music");
  });
});
