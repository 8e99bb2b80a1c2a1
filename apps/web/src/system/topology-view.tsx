/** The picture: every process where it stands on a request's way, and what joins them. */
import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { TopicLag } from "../api/system-wire.ts";
import type { Box, PlacedBar, TopologyLayout } from "./placed-topology.ts";
import type { SeenProcess } from "./seen-process.ts";
import { type Lane, lagOf, topicName } from "./topology.ts";
import { layoutTopology } from "./topology-layout.ts";
import "./topology.css";

interface TopologyViewProps {
  readonly lanes: readonly Lane[];
  readonly lag: readonly TopicLag[];
  /** The replicas of the request that is pointed at; null while none is. */
  readonly lit: ReadonlySet<string> | null;
  readonly renderCard: (process: SeenProcess, box: Box) => ReactNode;
}

export function TopologyView({ lanes, lag, lit, renderCard }: TopologyViewProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const layout = width > 0 ? layoutTopology(lanes, width) : null;
  return (
    <div
      className="topology"
      data-across={layout?.isAcross}
      ref={ref}
      style={{ height: layout?.height ?? 320 }}
    >
      {layout !== null && (
        <>
          <TopologyLines layout={layout} lit={lit} />
          {layout.bars.map((bar) => (
            <TopicBar key={bar.topic} bar={bar} waiting={lagOf(bar.topic, lag)} />
          ))}
          {layout.lanes.map((placed) => (
            <div key={placed.lane.key}>
              <div className="lane-heading" style={styleOf(placed.heading)}>
                <p className="lane-title one-line">{placed.lane.title}</p>
                <p className="small soft one-line">{placed.lane.detail}</p>
              </div>
              {placed.shardLabels.map((label) => (
                <p key={label.shard} className="shard-label small soft" style={styleOf(label)}>
                  Shard {label.shard}
                </p>
              ))}
              {placed.gaps.map((gap) => (
                <p key={gap.key} className="lane-gap small" style={styleOf(gap)}>
                  {gap.text}
                </p>
              ))}
              <ul aria-label={`${placed.lane.title}, ${placed.lane.detail}`}>
                {placed.cards.map((card) => (
                  <li key={card.process.replica}>{renderCard(card.process, card)}</li>
                ))}
              </ul>
            </div>
          ))}
        </>
      )}
    </div>
  );
}

export function styleOf({ x, y, width, height }: Box) {
  return { left: x, top: y, width, height };
}

function TopologyLines({
  layout,
  lit,
}: {
  readonly layout: TopologyLayout;
  readonly lit: ReadonlySet<string> | null;
}) {
  const { width, height, lines, returns } = layout;
  return (
    <svg className="topology-lines" width={width} height={height} aria-hidden="true">
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="6"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto-start-reverse"
        >
          <path d="M1 1 7 4 1 7" />
        </marker>
      </defs>
      {lines.map(({ key, path, replica }) => (
        <path key={key} d={path} data-lit={lit === null ? undefined : lit.has(replica)} />
      ))}
      {returns.map(({ topic, path, label }) => (
        <g key={topic} className="topology-return">
          <path d={path} markerEnd="url(#arrow)" data-lit={lit === null ? undefined : true} />
          <text x={label.x} y={label.y}>
            {topicName(topic)}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** A topic; it fills with what waits in it. */
function TopicBar({ bar, waiting }: { readonly bar: PlacedBar; readonly waiting: number | null }) {
  const said = waiting === null ? "" : `, ${waiting} waiting`;
  return (
    <div
      className="topic-bar"
      data-upright={bar.isUpright}
      data-waiting={waiting !== null && waiting > 0}
      style={styleOf(bar)}
      title={`${bar.topic}${said}`}
    >
      <span className="topic-name">{topicName(bar.topic)}</span>
      {waiting !== null && waiting > 0 && <span className="topic-waiting numeric">{waiting}</span>}
    </div>
  );
}
