/** The hops drawn on a time line. The table beside it says the same in words. */
import type { CSSProperties } from "react";
import type { Hop } from "../api/wire.ts";
import { formatMs, layoutTimeline, type TimelineLane } from "./timeline.ts";

interface TimelineChartProps {
  readonly hops: readonly Hop[];
  readonly totalMs: number;
}

export function TimelineChart({ hops, totalMs }: TimelineChartProps) {
  const { durationMs, lanes, ticksMs } = layoutTimeline(hops, totalMs);
  return (
    <div className="timeline" aria-hidden="true">
      <div className="timeline-axis numeric">
        {ticksMs.map((tickMs) => (
          <span key={tickMs} style={placed(tickMs, 0, durationMs)}>
            {tickMs}
          </span>
        ))}
      </div>
      {lanes.map((lane) => (
        <div className="timeline-lane" key={lane.key} data-role={lane.role}>
          <div className="timeline-name">
            <p className="one-line">{lane.title}</p>
            <p className="one-line soft">{lane.detail}</p>
          </div>
          <div className="timeline-track">
            {ticksMs.map((tickMs) => (
              <i key={tickMs} style={placed(tickMs, 0, durationMs)} />
            ))}
            <LaneBars lane={lane} durationMs={durationMs} />
          </div>
          <span className="timeline-time numeric">{formatMs(computeMs(lane))}</span>
        </div>
      ))}
      <p className="timeline-legend small soft">
        <span data-kind="compute" /> computing <span data-kind="queue" /> waiting in a queue
        <span className="timeline-unit">milliseconds since the request came in</span>
      </p>
    </div>
  );
}

function LaneBars({
  lane,
  durationMs,
}: {
  readonly lane: TimelineLane;
  readonly durationMs: number;
}) {
  return lane.bars.map(({ kind, startMs, lengthMs }) => (
    <b
      key={`${kind} ${startMs}`}
      data-kind={kind}
      style={placed(startMs, lengthMs, durationMs)}
      title={`${kind === "queue" ? "Waiting" : "Computing"} ${formatMs(lengthMs)}`}
    />
  ));
}

function placed(startMs: number, lengthMs: number, durationMs: number): CSSProperties {
  const percent = (ms: number) => `${durationMs > 0 ? (ms / durationMs) * 100 : 0}%`;
  return { left: percent(startMs), width: lengthMs > 0 ? percent(lengthMs) : undefined };
}

function computeMs({ bars }: TimelineLane): number {
  return bars.reduce((sum, { kind, lengthMs }) => sum + (kind === "compute" ? lengthMs : 0), 0);
}
