import { allEntries, byFirstRow, mostOf } from "./entry-order.ts";
import { type PairCountColumns, PairCounts } from "./pair-counts.ts";
import { firstCodesOf } from "./string-coder.ts";

/** One entry for each user, in order of first appearance. */
export interface UserStatistics {
  readonly users: readonly string[];
  readonly totalSeconds: Float64Array;
  /** The artist of most plays, whatever their length; the one seen first wins a tie. */
  readonly topArtists: readonly string[];
  /** At most five, most listening time first; ties fall to the user who appeared first. */
  readonly topUsers: readonly string[];
}

const TOP_USERS_MAX = 5;

/** @param pairs lefts are users, rights are artists, amounts are seconds */
export function userStatisticsFrom(
  pairs: PairCountColumns,
  users: readonly string[],
  artists: readonly string[],
): UserStatistics {
  const byUser = countByUser(withoutRepeats(pairs, users, artists), users.length);
  const present = allEntries(users.length).filter((user) =>
    Number.isFinite(byUser.firstRows[user]),
  );
  const order = byFirstRow(present, byUser.firstRows);
  const ids = Array.from(order, (user) => users[user] ?? "");
  const totalSeconds = Float64Array.from(order, (user) => byUser.totalSeconds[user] ?? 0);
  return {
    users: ids,
    totalSeconds,
    topArtists: Array.from(order, (user) => artists[byUser.topArtists[user] ?? 0] ?? ""),
    topUsers: mostOf(totalSeconds, TOP_USERS_MAX).map((entry) => ids[entry] ?? ""),
  };
}

/** All entries of one string under one code. */
function withoutRepeats(
  pairs: PairCountColumns,
  users: readonly string[],
  artists: readonly string[],
): PairCountColumns {
  const userCodes = firstCodesOf(users);
  const artistCodes = firstCodesOf(artists);
  if (userCodes === undefined && artistCodes === undefined) return pairs;
  const merged = new PairCounts({ hasAmounts: true });
  merged.merge({
    ...pairs,
    lefts: pairs.lefts.map((code) => userCodes?.[code] ?? code),
    rights: pairs.rights.map((code) => artistCodes?.[code] ?? code),
  });
  return merged.columns();
}

function countByUser(pairs: PairCountColumns, userCount: number) {
  const totalSeconds = new Float64Array(userCount);
  const firstRows = new Float64Array(userCount).fill(Number.POSITIVE_INFINITY);
  const topCounts = new Float64Array(userCount);
  const topFirstRows = new Float64Array(userCount);
  const topArtists = new Uint32Array(userCount);
  for (let pair = 0; pair < pairs.lefts.length; pair++) {
    const user = pairs.lefts[pair] ?? 0;
    const count = pairs.counts[pair] ?? 0;
    const firstRow = pairs.firstRows[pair] ?? 0;
    totalSeconds[user] = (totalSeconds[user] ?? 0) + (pairs.amounts[pair] ?? 0);
    if (firstRow < (firstRows[user] ?? 0)) firstRows[user] = firstRow;
    const topCount = topCounts[user] ?? 0;
    if (count > topCount || (count === topCount && firstRow < (topFirstRows[user] ?? 0))) {
      topCounts[user] = count;
      topFirstRows[user] = firstRow;
      topArtists[user] = pairs.rights[pair] ?? 0;
    }
  }
  return { totalSeconds, firstRows, topArtists };
}
