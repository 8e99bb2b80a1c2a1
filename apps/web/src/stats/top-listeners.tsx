/** Who listened most; each name leads to that listener's statistics. */
import type { Statistics } from "../api/stats-wire.ts";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { counted, formatListening } from "./listening-wording.ts";
import { PlaysBar } from "./plays-bar.tsx";

const LENGTH = 8;

interface TopListenersProps {
  readonly place: StatsLocation;
  readonly statistics: Statistics;
}

export function TopListeners({ place, statistics }: TopListenersProps) {
  const users = statistics.topUsers.slice(0, LENGTH);
  const most = Math.max(...users.map(({ plays }) => plays), 0);
  return (
    <section className="panel stats-panel" aria-labelledby="listeners-heading">
      <header className="panel-header">
        <h2 id="listeners-heading">Top listeners</h2>
        <span className="small soft">{counted(statistics.listenerCount, "listener")} in all</span>
      </header>
      <ol className="top-names">
        {users.map(({ user, plays, seconds }, index) => (
          <li key={user} title={`${formatListening(seconds)} listened`}>
            <span className="top-rank numeric" aria-hidden="true">
              {index + 1}
            </span>
            <PageLink className="one-line" to={{ ...place, user, focus: null }}>
              {user}
            </PageLink>
            <PlaysBar plays={plays} most={most} />
          </li>
        ))}
      </ol>
    </section>
  );
}
