export { COUNTING_RULES, type CountingRules, countedMsOf } from "./counting-rules.ts";
export { heatmapOf, localHourOf } from "./heatmap.ts";
export type {
  BucketRange,
  Counts,
  Listening,
  NameCount,
  SessionFigures,
  SongCount,
  TimeCount,
} from "./listening.ts";
export { type DayCount, listeningDays } from "./listening-days.ts";
export { listeningOverTime, type TimeUnit, unitFor } from "./listening-over-time.ts";
export { type SessionSpan, sessionSpansOf, type TimedPlay } from "./listening-sessions.ts";
export { ALL_TIME, parsePeriod, yearPeriod } from "./period.ts";
export { compareNames, compareSongs } from "./ranking.ts";
export {
  type CountedPlay,
  type RecountOptions,
  recountListening,
  type SongFacts,
} from "./recount.ts";
export { type DayRun, lengthOf, type Streak, streakOf } from "./streak.ts";
export {
  BUCKET_MS,
  BUCKETS_PER_DAY,
  bucketOf,
  dayOfBucket,
  firstDayOfMonth,
  firstTimeOfMonth,
  monthOfDay,
  monthOfTime,
} from "./time-bucket.ts";
export {
  fromIsoDay,
  localDayOf,
  toIsoDay,
  weekdayOf,
  type ZoneCalendar,
  zoneCalendarFor,
} from "./zone-calendar.ts";
