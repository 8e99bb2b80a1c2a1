/** What was played: figures, charts and lists of a span of days, by everybody or one listener, live. */
import type { ListeningPart, Statistics } from "../api/stats-wire.ts";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { navigate } from "../location/use-page-location.ts";
import { type Day, dayIn } from "./day.ts";
import { EmptyStats } from "./empty-stats.tsx";
import { EraseListener } from "./erase-listener.tsx";
import { FigureRow } from "./figure-row.tsx";
import { FocusBar } from "./focus-bar.tsx";
import { GenrePanel } from "./genre-panel.tsx";
import { HeatmapPanel } from "./heatmap-panel.tsx";
import { ListenerSelect } from "./listener-select.tsx";
import { formatAgo, statsTitle } from "./listening-wording.ts";
import { daysOf } from "./period.ts";
import { PeriodControl } from "./period-control.tsx";
import { RhythmPanel } from "./rhythm-panel.tsx";
import { StatsSections } from "./stats-skeleton.tsx";
import { TimePanel } from "./time-panel.tsx";
import { TopArtists } from "./top-artists.tsx";
import { TopListeners } from "./top-listeners.tsx";
import { TopSongs } from "./top-songs.tsx";
import { TrendingNow } from "./trending-now.tsx";
import { useDocumentTitle } from "./use-document-title.ts";
import { useNow } from "./use-now.ts";
import { TIME_ZONE, useListeningPart, useStatistics } from "./use-statistics.ts";
import { type LiveState, useStatisticsEvents } from "./use-statistics-events.ts";
import "@mantine/charts/styles.css";
import "../page/page-sections.css";
import "./stats-page.css";
import "./stats-lists.css";

interface StatsPageProps {
  readonly place: StatsLocation;
}

export function StatsPage({ place }: StatsPageProps) {
  const { user, period, focus } = place;
  const nowMs = useNow();
  const today = dayIn(TIME_ZONE, new Date(nowMs));
  const events = useStatisticsEvents(user);
  const range = daysOf(period, today);
  const statistics = useStatistics(user, range, events.pollMs);
  const part = useListeningPart(user, range, focus, events.pollMs);
  const title = statsTitle(user);
  useDocumentTitle(`${title} · Segue`);
  const { data } = statistics;
  const error = statistics.error ?? part.error;
  const retry = () => {
    void statistics.refetch();
    if (focus !== null) void part.refetch();
  };
  return (
    <main id="content" className="page-main page-sections" tabIndex={-1}>
      <header className="page-heading">
        <div className="stats-title">
          <LiveNote state={events.state} data={data} nowMs={nowMs} isFailing={error !== null} />
          <h1>{title}</h1>
        </div>
        <div className="stats-who">
          <ListenerSelect
            key={user}
            user={user}
            nobody="Everybody"
            onSelect={(next) => navigate({ ...place, user: next }, "push")}
          />
          <PageLink className="stats-review-link" to={{ kind: "review", user, year: null }}>
            Year in review
          </PageLink>
        </div>
      </header>
      <PeriodControl place={place} today={today} />
      {error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {data !== undefined && (
        <div
          className="stats-body"
          data-stale={statistics.isPlaceholderData || undefined}
          aria-busy={statistics.isPlaceholderData}
        >
          <StatsBody place={place} statistics={data} part={part.data} today={today} />
        </div>
      )}
      {data === undefined && error === null && <StatsSections />}
    </main>
  );
}

interface LiveNoteProps {
  readonly state: LiveState;
  readonly data: Statistics | undefined;
  readonly nowMs: number;
  readonly isFailing: boolean;
}

const LIVE_WORDS: Readonly<Record<LiveState, string>> = {
  connecting: "Connecting",
  live: "Live",
  polling: "Asked for every 3 s",
};

function LiveNote({ state, data, nowMs, isFailing }: LiveNoteProps) {
  const last = data?.lastPlayMs ?? null;
  return (
    <p className="page-kicker live-note small soft">
      <i data-state={isFailing ? "failing" : state} aria-hidden="true" />
      {isFailing ? "Not up to date" : LIVE_WORDS[state]}
      {last !== null && <span className="numeric">last play {formatAgo(last, nowMs)}</span>}
    </p>
  );
}

const NOTHING_YET = { songCount: 0, artistCount: 0, topSongs: [], topArtists: [] };

interface StatsBodyProps {
  readonly place: StatsLocation;
  readonly statistics: Statistics;
  /** Of the focus; undefined without one, and while it is on its way. */
  readonly part: ListeningPart | undefined;
  readonly today: Day;
}

function StatsBody({ place, statistics, part, today }: StatsBodyProps) {
  if (statistics.plays === 0) return <EmptyStats place={place} />;
  const isEverybody = place.user === null;
  const listed = place.focus === null ? statistics : (part ?? NOTHING_YET);
  return (
    <>
      <FigureRow statistics={statistics} />
      <FocusBar place={place} part={part} plays={statistics.plays} />
      <TimePanel place={place} statistics={statistics} today={today} />
      <div className="stats-grid">
        <div className="stats-stack">
          <TopSongs place={place} part={listed} />
          {isEverybody && <TrendingNow />}
        </div>
        <div className="stats-stack">
          <TopArtists place={place} part={listed} />
          <GenrePanel place={place} statistics={statistics} />
          {isEverybody && <TopListeners place={place} statistics={statistics} />}
        </div>
        <div className="stats-stack stats-when">
          <HeatmapPanel heatmap={statistics.heatmap} place={place} />
          <RhythmPanel place={place} statistics={statistics} />
        </div>
      </div>
      {place.user !== null && (
        <EraseListener
          key={place.user}
          user={place.user}
          onErased={() => navigate({ ...place, user: null, focus: null }, "push")}
        />
      )}
    </>
  );
}
