/** The system, live: who serves, what joins them, and the way that the last requests took. */
import { Skeleton } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import type { RecentRequest, SystemState } from "../api/system-wire.ts";
import { ErrorNotice } from "../continuation/error-notice.tsx";
import { navigate, usePageLocation } from "../location/use-page-location.ts";
import { formatMs } from "../receipt/timeline.ts";
import { BreakerTable } from "./breaker-table.tsx";
import { ChangeFeed } from "./change-feed.tsx";
import { formatSpan } from "./changes.ts";
import { Foundation } from "./foundation.tsx";
import { HealthMark } from "./health-mark.tsx";
import { LagTable } from "./lag-table.tsx";
import { ProcessCard } from "./process-card.tsx";
import { ProcessPanel } from "./process-panel.tsx";
import { RecentRequests } from "./recent-requests.tsx";
import { percentile, replicasOf } from "./request-path.ts";
import { isServing, type SeenProcess } from "./seen-process.ts";
import { summaryOf } from "./system-summary.ts";
import type { SystemWatch } from "./system-watch.ts";
import { topologyOf } from "./topology.ts";
import { styleOf, TopologyView } from "./topology-view.tsx";
import { useClock } from "./use-clock.ts";
import { useSystem } from "./use-system.ts";
import "../page/page-sections.css";
import "./system-page.css";

export function SystemPage() {
  const { data: watch, error, refetch, dataUpdatedAt } = useSystem();
  useEffect(() => {
    const before = document.title;
    document.title = "System · Segue";
    return () => {
      document.title = before;
    };
  }, []);
  return (
    <main id="content" className="page-main page-sections" tabIndex={-1}>
      {watch?.state != null ? (
        <LiveSystem watch={watch} receivedAtMs={dataUpdatedAt} isStale={error !== null} />
      ) : (
        <>
          <h1>System</h1>
          {error === null ? (
            <Skeleton height={420} radius={16} aria-label="Looking at the system" />
          ) : (
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          )}
        </>
      )}
    </main>
  );
}

interface LiveSystemProps {
  readonly watch: SystemWatch;
  readonly receivedAtMs: number;
  /** The server does not answer; this is how it was. */
  readonly isStale: boolean;
}

function LiveSystem({ watch, receivedAtMs, isStale }: LiveSystemProps) {
  const { state, processes, recent, changes } = watch;
  const nowMs = useClock(state?.atMs ?? 0, receivedAtMs);
  const [pointed, setPointed] = useState<RecentRequest | null>(null);
  const [selected, select] = useSelection(processes);
  const topology = useMemo(() => topologyOf(processes), [processes]);
  const lit = pointed === null ? null : replicasOf(pointed);
  const brokers = state?.bus.brokers ?? [];
  const renderCard = (process: SeenProcess) => (
    <ProcessCard
      process={process}
      nowMs={nowMs}
      modelVersion={state?.modelVersion ?? null}
      partitions={brokers.length === 0 ? null : partitionsLedBy(process, brokers)}
      isSelected={selected?.replica === process.replica}
      isLit={lit?.has(process.replica) ?? null}
      onSelect={select}
    />
  );
  return (
    <>
      <SystemHeader watch={watch} nowMs={nowMs} isStale={isStale} />
      <section
        className="panel topology-panel"
        aria-label="Picture of the system"
        data-stale={isStale}
      >
        <TopologyView
          lanes={topology.lanes}
          lag={state?.lag ?? []}
          lit={lit}
          renderCard={(process, box) => (
            <div className="card-place" style={styleOf(box)}>
              {renderCard(process)}
            </div>
          )}
        />
        <Foundation
          topology={topology}
          state={state}
          processes={processes}
          renderCard={renderCard}
        />
      </section>
      {selected !== null && (
        <ProcessPanel
          process={selected}
          watch={watch}
          nowMs={nowMs}
          onClose={() => navigate({ kind: "system", replica: null }, "replace")}
        />
      )}
      <div className="system-columns">
        <section aria-labelledby="changes-heading">
          <h2 id="changes-heading">What has changed</h2>
          <ChangeFeed changes={changes} onSelect={select} />
        </section>
        <section aria-labelledby="recent-heading" className="system-recent">
          <h2 id="recent-heading">The last requests</h2>
          {recent.length > 0 && (
            <p className="strip-legend small soft">
              <i data-role="api" /> API, dispatcher <i data-role="compute" /> compute{" "}
              <i data-role="queue" /> waiting <i /> on its way
            </p>
          )}
          <RecentRequests requests={recent} nowMs={nowMs} onPoint={setPointed} />
        </section>
        <section aria-labelledby="breakers-heading" className="system-breakers">
          <h2 id="breakers-heading">Breakers</h2>
          <BreakerTable breakers={state?.breakers ?? []} />
        </section>
        <section aria-labelledby="lag-heading" className="system-lag">
          <h2 id="lag-heading">Waiting in topics</h2>
          <LagTable lag={state?.lag ?? []} />
        </section>
      </div>
    </>
  );
}

/** The process that the address names, and the way to name another. */
function useSelection(
  processes: readonly SeenProcess[],
): readonly [SeenProcess | null, (replica: string) => void] {
  const place = usePageLocation();
  const replica = place.kind === "system" ? place.replica : null;
  const selected = processes.find((process) => process.replica === replica) ?? null;
  const select = (chosen: string) => {
    const next = chosen === replica ? null : chosen;
    navigate({ kind: "system", replica: next }, replica === null ? "push" : "replace");
  };
  return [selected, select];
}

function partitionsLedBy({ replica }: SeenProcess, brokers: SystemState["bus"]["brokers"]): number {
  return brokers.find(({ name }) => name === replica)?.partitions ?? 0;
}

interface SystemHeaderProps {
  readonly watch: SystemWatch;
  readonly nowMs: number;
  readonly isStale: boolean;
}

function SystemHeader({ watch, nowMs, isStale }: SystemHeaderProps) {
  const { state, processes, recent } = watch;
  const { tone, title, detail } = summaryOf(watch);
  const times = recent.map(({ totalMs }) => totalMs);
  const median = percentile(times, 50);
  const slowest = percentile(times, 100);
  const full = recent.filter(({ level }) => level === "full").length;
  return (
    <header className="page-heading">
      <div className="system-summary" data-tone={isStale ? "bad" : tone}>
        <p className="page-kicker small">
          <HealthMark tone={isStale ? "doubtful" : SUMMARY_MARKS[tone]} size={16} />
          <span className="soft">
            {isStale
              ? `Last seen ${formatSpan(nowMs - (state?.atMs ?? 0))} ago`
              : `Live, told by ${state?.answeredBy ?? ""}`}
          </span>
        </p>
        <h1>
          <span className="visually-hidden">System: </span>
          {isStale ? "Segue does not answer this page" : title}
        </h1>
        <p className="soft">{isStale ? "This is how it was when it last did." : detail}</p>
      </div>
      <dl className="system-figures">
        <div>
          <dt>Processes ready</dt>
          <dd className="numeric">
            {processes.filter(isServing).length}
            <small> of {processes.filter(({ isGone }) => !isGone).length}</small>
          </dd>
        </div>
        <div>
          <dt>Median answer</dt>
          <dd className="numeric">{median === null ? "–" : formatMs(median)}</dd>
        </div>
        <div>
          <dt>Slowest answer</dt>
          <dd className="numeric">{slowest === null ? "–" : formatMs(slowest)}</dd>
        </div>
        <div>
          <dt>Full service</dt>
          <dd className="numeric">
            {recent.length === 0 ? "–" : full}
            {recent.length > 0 && <small> of the last {recent.length}</small>}
          </dd>
        </div>
      </dl>
    </header>
  );
}

const SUMMARY_MARKS = { well: "well", doubtful: "doubtful", bad: "down" } as const;
