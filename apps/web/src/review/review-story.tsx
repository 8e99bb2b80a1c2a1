/** What the picture of the year leaves out. */
import type { MonthReview, YearReview } from "../api/stats-wire.ts";
import { CoverTile } from "../covers/cover-tile.tsx";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { addDays, nextMonth } from "../stats/day.ts";
import { HeatmapPanel } from "../stats/heatmap-panel.tsx";
import {
  counted,
  formatCount,
  formatDay,
  formatDays,
  formatHour,
  formatListening,
} from "../stats/listening-wording.ts";
import { customPeriod } from "../stats/period.ts";
import { PlaysBar } from "../stats/plays-bar.tsx";
import { growthWords } from "./growth-words.ts";

interface ReviewStoryProps {
  readonly review: YearReview;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

export function ReviewStory({ review }: ReviewStoryProps) {
  return (
    <div className="stats-stack">
      <ul className="review-lines">
        {linesOf(review).map(({ key, content }) => (
          <li key={key}>{content}</li>
        ))}
      </ul>
      <section className="panel stats-panel" aria-labelledby="months-heading">
        <header className="panel-header">
          <h2 id="months-heading">Month by month</h2>
        </header>
        <ol className="review-months">
          {review.months.map((month) => (
            <MonthRow key={month.month} month={month} review={review} />
          ))}
        </ol>
      </section>
      <HeatmapPanel
        heatmap={review.heatmap}
        place={daysPlace(review.user, `${review.year}-01-01`, `${review.year}-12-31`)}
        plays={review.plays}
      />
    </div>
  );
}

interface Line {
  readonly key: string;
  readonly content: React.ReactNode;
}

function linesOf(review: YearReview): readonly Line[] {
  const { firstSong, busiestDay, busiestHour, previousYear, streak, sessions } = review;
  const lines: (Line | false)[] = [
    previousYear !== null && {
      key: "growth",
      content: (
        <>
          <strong>{growthWords(review.seconds, previousYear.seconds)}</strong>:{" "}
          {formatListening(review.seconds)} after {formatListening(previousYear.seconds)}.
        </>
      ),
    },
    review.newArtistCount > 0 && {
      key: "new",
      content: (
        <>
          {review.newArtistCount < review.artistCount ? (
            <>
              <strong>{counted(review.newArtistCount, "new artist")}</strong> among{" "}
              {formatCount(review.artistCount)}.
            </>
          ) : (
            <>
              <strong>{counted(review.newArtistCount, "artist")}</strong>, all of them new.
            </>
          )}
        </>
      ),
    },
    busiestDay !== null && {
      key: "day",
      content: (
        <>
          <strong>{formatListening(busiestDay.seconds)}</strong> on the busiest day,{" "}
          <PageLink to={daysPlace(review.user, busiestDay.day, busiestDay.day)}>
            {formatDay(busiestDay.day)}
          </PageLink>
          .
        </>
      ),
    },
    streak.longestDays !== null && {
      key: "streak",
      content: (
        <>
          <strong>{counted(streak.longest, "day")} in a row</strong>,{" "}
          <PageLink to={daysPlace(review.user, streak.longestDays.from, streak.longestDays.to)}>
            {formatDays(streak.longestDays)}
          </PageLink>
          .
        </>
      ),
    },
    busiestHour !== null && {
      key: "hour",
      content: (
        <>
          <strong>{formatHour(busiestHour)}</strong> is when most was played; a session lasts{" "}
          {formatListening(sessions.averageSeconds)} on average.
        </>
      ),
    },
    firstSong !== null && {
      key: "first",
      content: (
        <>
          It began with <strong>{firstSong.title}</strong> by {firstSong.artist}.
        </>
      ),
    },
  ];
  return lines.filter((line) => line !== false);
}

interface MonthRowProps extends ReviewStoryProps {
  readonly month: MonthReview;
}

function MonthRow({ month, review }: MonthRowProps) {
  const most = Math.max(...review.months.map(({ plays }) => plays));
  const first = `${review.year}-${String(month.month).padStart(2, "0")}-01`;
  const name = MONTHS[month.month - 1] ?? "";
  const { topSong } = month;
  return (
    <li data-silent={month.plays === 0 || undefined}>
      {month.plays === 0 ? (
        <span>{name}</span>
      ) : (
        <PageLink to={daysPlace(review.user, first, addDays(nextMonth(first), -1))}>
          {name}
        </PageLink>
      )}
      <PlaysBar plays={month.plays} most={most} />
      {topSong === null ? (
        <span className="small soft">nothing was played</span>
      ) : (
        <span className="review-month-song">
          <CoverTile
            id={topSong.id ?? `${topSong.artist} ${topSong.title}`}
            artist={topSong.artist}
            genre={topSong.genre}
            size={30}
          />
          <span className="one-line">
            {topSong.title} <span className="soft">{topSong.artist}</span>
          </span>
        </span>
      )}
    </li>
  );
}

function daysPlace(user: string | null, from: string, to: string): StatsLocation {
  return { kind: "stats", user, period: customPeriod(from, to), focus: null };
}
