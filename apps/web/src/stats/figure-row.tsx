/** The figures that are looked at first. */
import type { ReactNode } from "react";
import type { Statistics } from "../api/stats-wire.ts";
import { counted, formatCount, formatListening, formatShare } from "./listening-wording.ts";
import type { ShownStatistics } from "./shown-statistics.ts";

interface FigureRowProps {
  readonly statistics: Statistics;
  /** Of everything, or of the part that the page is narrowed to. */
  readonly figures: ShownStatistics["figures"];
  readonly isNarrowed: boolean;
}

export function FigureRow({ statistics, figures, isNarrowed }: FigureRowProps) {
  const { streak, listenerCount, user } = statistics;
  const { plays, seconds, songCount, artistCount, daysActive } = figures;
  const isTold = daysActive !== null;
  const isForAll = user === null && !isNarrowed;
  return (
    <dl className="figure-row">
      <Figure name="Plays" note={isTold ? `on ${counted(daysActive, "day")}` : "in all"}>
        {formatCount(plays)}
      </Figure>
      <Figure
        name="Listening time"
        note={
          isTold
            ? `${formatListening(seconds / Math.max(1, daysActive))} a day played`
            : `${formatListening(seconds / Math.max(1, plays))} a play`
        }
      >
        {formatListening(seconds)}
      </Figure>
      <Figure name="Songs" note={`${(plays / Math.max(1, songCount)).toFixed(1)} plays each`}>
        {formatCount(songCount)}
      </Figure>
      <Figure
        name="Artists"
        note={isForAll ? `heard by ${counted(listenerCount, "listener")}` : "different ones"}
      >
        {formatCount(artistCount)}
      </Figure>
      {isNarrowed ? (
        <Figure name="Share" note={`of ${counted(statistics.plays, "play")}`}>
          {formatShare(Math.min(1, plays / Math.max(1, statistics.plays)))}
        </Figure>
      ) : (
        <Figure name="Streak" note={`longest ${counted(streak.longest, "day")}`}>
          {counted(streak.current, "day")}
        </Figure>
      )}
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Figure({ name, note, children }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="numeric">
        {children}
        <small>{note}</small>
      </dd>
    </div>
  );
}
