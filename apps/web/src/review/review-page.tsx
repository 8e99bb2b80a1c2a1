/** A listener's year: a picture to share, and the story behind it. */
import { Skeleton } from "@mantine/core";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { PageLink } from "../location/page-link.tsx";
import type { ReviewLocation } from "../location/page-location.ts";
import { navigate } from "../location/use-page-location.ts";
import { dayIn, yearOf } from "../stats/day.ts";
import { ListenerSelect } from "../stats/listener-select.tsx";
import { reviewTitle, silentYearWords } from "../stats/listening-wording.ts";
import { customPeriod } from "../stats/period.ts";
import { useDocumentTitle } from "../stats/use-document-title.ts";
import { useNow } from "../stats/use-now.ts";
import { TIME_ZONE, useYearReview } from "../stats/use-statistics.ts";
import { useStatisticsEvents } from "../stats/use-statistics-events.ts";
import { ChooseListener } from "./choose-listener.tsx";
import { ReviewPictureCard } from "./review-picture-card.tsx";
import { ReviewStory } from "./review-story.tsx";
import "../page/page-sections.css";
import "../stats/stats-page.css";
import "../stats/stats-lists.css";
import "./review-page.css";

interface ReviewPageProps {
  readonly place: ReviewLocation;
}

export function ReviewPage({ place }: ReviewPageProps) {
  const { user } = place;
  const thisYear = yearOf(dayIn(TIME_ZONE, new Date(useNow())));
  const year = place.year ?? thisYear;
  const { pollMs } = useStatisticsEvents(user);
  const review = useYearReview(user, year, pollMs);
  const title = reviewTitle(user, year);
  useDocumentTitle(`${title} · Segue`);
  return (
    <main id="content" className="page-main page-sections" tabIndex={-1}>
      <header className="page-heading">
        <div className="stats-title">
          <p className="page-kicker small">
            <PageLink to={backOf(place, year)}>Statistics</PageLink>
          </p>
          <h1>{title}</h1>
        </div>
        <div className="stats-who">
          <ListenerSelect
            key={user}
            user={user}
            nobody="Everybody"
            onSelect={(next) => navigate({ ...place, user: next }, "push")}
          />
          <YearLinks place={place} year={year} thisYear={thisYear} />
        </div>
      </header>
      {review.error !== null && (
        <ErrorNotice error={review.error} onRetry={() => void review.refetch()} />
      )}
      {review.isLoading && <Skeleton height={620} radius={16} aria-label="Looking back" />}
      {review.data !== undefined && review.data.plays === 0 && (
        <section className="panel stats-empty">
          <h2>{silentYearWords(user, year)}</h2>
          <p className="soft">Go back a year, or look at everything that was ever played.</p>
          <p className="stats-empty-ways">
            <PageLink to={{ ...place, year: year - 1 }}>{year - 1}</PageLink>
            <PageLink to={{ kind: "stats", user, period: { kind: "all" }, focus: null }}>
              All time
            </PageLink>
          </p>
        </section>
      )}
      {review.data !== undefined && review.data.plays > 0 && (
        <div className="review-columns">
          <ReviewPictureCard review={review.data} />
          <ReviewStory review={review.data} />
        </div>
      )}
      {user === null && <ChooseListener year={year} />}
    </main>
  );
}

/** The statistics of the same listener and year. */
function backOf({ user }: ReviewLocation, year: number) {
  const period = customPeriod(`${year}-01-01`, `${year}-12-31`);
  return { kind: "stats", user, period, focus: null } as const;
}

interface YearLinksProps extends ReviewPageProps {
  readonly year: number;
  readonly thisYear: number;
}

function YearLinks({ place, year, thisYear }: YearLinksProps) {
  const years = [year - 1, year, year + 1].filter((other) => other <= thisYear);
  return (
    <nav aria-label="Year" className="period-links review-years">
      {years.map((other) => (
        <PageLink
          key={other}
          to={{ ...place, year: other }}
          how="replace"
          aria-current={other === year ? "true" : undefined}
        >
          {other}
        </PageLink>
      ))}
    </nav>
  );
}
