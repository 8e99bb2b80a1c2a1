/** How listening is parted: sessions, and days in a row. */
import type { DayRun, Statistics } from "../api/stats-wire.ts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { counted, formatCount, formatDays, formatListening } from "./listening-wording.ts";
import { customPeriod } from "./period.ts";

interface RhythmPanelProps {
  readonly place: StatsLocation;
  readonly statistics: Statistics;
}

export function RhythmPanel({ place, statistics }: RhythmPanelProps) {
  const { sessions, streak, plays } = statistics;
  return (
    <section className="panel stats-panel" aria-labelledby="rhythm-heading">
      <header className="panel-header">
        <h2 id="rhythm-heading">Sessions and streaks</h2>
        <span className="small soft">30 minutes of silence end a session</span>
      </header>
      <dl className="rhythm">
        <div>
          <dt>Sessions</dt>
          <dd className="numeric">{formatCount(sessions.count)}</dd>
          <dd className="small soft">
            {sessions.count === 0
              ? "none begins in this period"
              : `${(plays / sessions.count).toFixed(1)} plays each`}
          </dd>
        </div>
        <div>
          <dt>Average session</dt>
          <dd className="numeric">{formatListening(sessions.averageSeconds)}</dd>
        </div>
        <div>
          <dt>Longest session</dt>
          <dd className="numeric">{formatListening(sessions.longestSeconds)}</dd>
        </div>
        <div>
          <dt>Streak now</dt>
          <dd className="numeric">{counted(streak.current, "day")}</dd>
          <StreakDays place={place} run={streak.currentDays} />
        </div>
        <div>
          <dt>Longest streak</dt>
          <dd className="numeric">{counted(streak.longest, "day")}</dd>
          <StreakDays place={place} run={streak.longestDays} />
        </div>
      </dl>
    </section>
  );
}

function StreakDays({
  place,
  run,
}: {
  readonly place: StatsLocation;
  readonly run: DayRun | null;
}) {
  if (run === null) return null;
  return (
    <dd className="small">
      <PageLink to={{ ...place, period: customPeriod(run.from, run.to) }}>
        {formatDays(run)}
      </PageLink>
    </dd>
  );
}
