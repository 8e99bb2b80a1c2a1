/** The figures that are looked at first. */
import type { ReactNode } from "react";
import type { Statistics } from "../api/stats-wire.ts";
import { counted, formatCount, formatListening } from "./listening-wording.ts";

interface FigureRowProps {
  readonly statistics: Statistics;
}

export function FigureRow({ statistics }: FigureRowProps) {
  const { plays, seconds, songCount, artistCount, daysActive, streak, listenerCount, user } =
    statistics;
  return (
    <dl className="figure-row">
      <Figure name="Plays" note={`on ${counted(daysActive, "day")}`}>
        {formatCount(plays)}
      </Figure>
      <Figure
        name="Listening time"
        note={`${formatListening(daysActive === 0 ? 0 : seconds / daysActive)} a day played`}
      >
        {formatListening(seconds)}
      </Figure>
      <Figure name="Songs" note={`${(plays / Math.max(1, songCount)).toFixed(1)} plays each`}>
        {formatCount(songCount)}
      </Figure>
      <Figure
        name="Artists"
        note={user === null ? `heard by ${counted(listenerCount, "listener")}` : "different ones"}
      >
        {formatCount(artistCount)}
      </Figure>
      <Figure name="Streak" note={`longest ${counted(streak.longest, "day")}`}>
        {counted(streak.current, "day")}
      </Figure>
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
