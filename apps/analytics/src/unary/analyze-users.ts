import { create } from "@bufbuild/protobuf";
import { type StreamList, UserStatSchema, type UserStatsList } from "@segue/contracts/music";
import { AppError } from "@segue/errors";
import { StringCoder, type UserStatistics, userStatisticsFrom } from "@segue/statistics";
import type { PairCounting } from "../counting/pair-counter.ts";
import { shownName } from "../shown-name.ts";
import type { Answer } from "./answer.ts";
import { assertNoAbsurdDuration, assertNoNegativeDuration } from "./assert-durations.ts";
import { inTurns } from "./in-turns.ts";

const INT32_MAX = 2_147_483_647;

/** UserBehaviorService.AnalyzeUsers: listening time and top artist by user, and the top users. */
export async function analyzeUsers(
  { records }: StreamList,
  signal: AbortSignal,
  counting: PairCounting,
): Promise<Answer<UserStatsList>> {
  assertNoNegativeDuration(records);
  const users = new StringCoder();
  const artists = new StringCoder();
  const counter = counting.open({ hasAmounts: true, signal });
  for await (const { firstRow, slice } of inTurns(records, signal)) {
    await counter.add({
      firstRow,
      lefts: Uint32Array.from(slice, ({ userId }) => users.codeFor(userId)),
      rights: Uint32Array.from(slice, ({ artist }) => artists.codeFor(artist)),
      amounts: Int32Array.from(slice, ({ duration }) => duration),
    });
  }
  const pairs = await counter.finish();
  const statistics = userStatisticsFrom(pairs, users.dictionary, artists.dictionary);
  // A total that does not fit says more than the plays that led to it, so it is told first.
  assertTotalsFit(statistics);
  assertNoAbsurdDuration(records);
  return {
    userStats: statistics.users.map((userId, entry) =>
      create(UserStatSchema, {
        userId,
        totalTime: statistics.totalSeconds[entry] ?? 0,
        topArtist: statistics.topArtists[entry] ?? "",
      }),
    ),
    topUsers: [...statistics.topUsers],
  };
}

function assertTotalsFit({ users, totalSeconds }: UserStatistics): void {
  const entry = totalSeconds.findIndex((total) => total > INT32_MAX);
  if (entry === -1) return;
  throw new AppError(
    "TOTAL_OUT_OF_RANGE",
    `total_time of user "${shownName(users[entry] ?? "")}" is ${totalSeconds[entry]} s, beyond int32 (${INT32_MAX}); ` +
      "segue.analytics.v1.AnalyticsStreamService.AnalyzeUserBatches gives 64 bits.",
  );
}
