/** What was played: figures, charts and lists of a span of days, by everybody or one listener, live. */
import type { ListeningPart, Statistics } from "../api/stats-wire.ts";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { navigate } from "../location/use-page-location.ts";
import { type Day, dayIn } from "./day.ts";
import { EmptyPart } from "./empty-part.tsx";
import { EmptyStats } from "./empty-stats.tsx";
import { EraseListener } from "./erase-listener.tsx";
import { FigureRow } from "./figure-row.tsx";
import { FocusBar } from "./focus-bar.tsx";
import { GenrePanel } from "./genre-panel.tsx";
import { HeatmapPanel } from "./heatmap-panel.tsx";
import { LastPlays } from "./last-plays.tsx";
import { ListenerSelect } from "./listener-select.tsx";
import { formatAgo, statsTitle } from "./listening-wording.ts";
import { daysOf } from "./period.ts";
import { PeriodControl } from "./period-control.tsx";
import { RhythmPanel } from "./rhythm-panel.tsx";
import { shownStatistics } from "./shown-statistics.ts";
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
  // What everybody plays is not shown under the name of a part that is on its way, or failed.
  const isPartMissing = focus !== null && part.data === undefined;
  const isStale = statistics.isPlaceholderData || (focus !== null && part.isPlaceholderData);
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
      {data !== undefined && !isPartMissing && (
        <div className="stats-body" data-stale={isStale || undefined} aria-busy={isStale}>
          <StatsBody
            place={place}
            statistics={data}
            part={part.data ?? null}
            today={today}
            nowMs={nowMs}
            pollMs={events.pollMs}
          />
        </div>
      )}
      {(data === undefined || isPartMissing) && error === null && <StatsSections />}
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

interface StatsBodyProps {
  readonly place: StatsLocation;
  readonly statistics: Statistics;
  /** Of the focus; null without one. */
  readonly part: ListeningPart | null;
  readonly today: Day;
  readonly nowMs: number;
  /** null where events tell of changes. */
  readonly pollMs: number | null;
}

function StatsBody({ place, statistics, part, today, nowMs, pollMs }: StatsBodyProps) {
  if (statistics.plays === 0) return <EmptyStats place={place} />;
  const { focus, user } = place;
  const { plays } = statistics;
  const isEverything = focus === null;
  const isEverybody = user === null;
  const shown = shownStatistics(statistics, focus, part);
  const artists = <TopArtists place={place} part={shown.artists} />;
  const genres = <GenrePanel place={place} genres={shown.genres} />;
  const week = <HeatmapPanel place={place} heatmap={shown.week} plays={plays} />;
  if (focus !== null && part?.plays === 0) {
    return (
      <>
        <EmptyPart place={place} focus={focus} />
        {{ artist: artists, genre: genres, hour: week }[focus.kind]}
      </>
    );
  }
  return (
    <>
      <FocusBar place={place} part={part} plays={plays} />
      <FigureRow statistics={statistics} figures={shown.figures} isNarrowed={!isEverything} />
      <TimePanel place={place} times={shown.times} plays={plays} today={today} />
      <div className="stats-grid" data-narrowed={!isEverything || undefined}>
        <div className="stats-stack">
          <TopSongs place={place} part={shown.songs} />
          {isEverything && isEverybody && <TrendingNow />}
          {!isEverything && week}
        </div>
        <div className="stats-stack">
          {artists}
          {genres}
          {isEverything && isEverybody && <TopListeners place={place} statistics={statistics} />}
        </div>
        {isEverything && (
          <div className="stats-stack stats-when">
            {week}
            <RhythmPanel place={place} statistics={statistics} />
            {user !== null && (
              <LastPlays key={user} place={place} user={user} pollMs={pollMs} nowMs={nowMs} />
            )}
          </div>
        )}
      </div>
      {user !== null && isEverything && (
        <EraseListener
          key={user}
          user={user}
          onErased={() => navigate({ ...place, user: null, focus: null }, "push")}
        />
      )}
    </>
  );
}
