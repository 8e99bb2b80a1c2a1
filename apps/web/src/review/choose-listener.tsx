/** Listeners have years of their own: the most active ones to choose from. */
import { Skeleton } from "@mantine/core";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { PageLink } from "../location/page-link.tsx";
import { counted } from "../stats/listening-wording.ts";
import { useListeners } from "../stats/use-statistics.ts";

const SHOWN = 12;

interface ChooseListenerProps {
  readonly year: number;
}

export function ChooseListener({ year }: ChooseListenerProps) {
  const { data, error, refetch } = useListeners("");
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={220} radius={16} aria-label="Listeners" />;
  return (
    <section className="panel stats-panel" aria-labelledby="choose-heading">
      <h2 id="choose-heading">Whose year?</h2>
      <p className="soft">
        {data.total === 0
          ? "Nobody has played anything yet. Mark a song of a list as played, import a history, or connect a player; then come back."
          : "Everybody’s is above. Each listener has their own: choose one here, or type a name above."}
      </p>
      <ul className="listener-cards">
        {data.users.slice(0, SHOWN).map(({ user, plays }) => (
          <li key={user}>
            <PageLink className="listener-card" to={{ kind: "review", user, year }}>
              <strong className="one-line">{user}</strong>
              <span className="small soft numeric">{counted(plays, "play")}</span>
            </PageLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
