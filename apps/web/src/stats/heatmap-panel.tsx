/** When it is played: weekday by hour, as a table whose cells are coloured and lead to their hour. */
import { type KeyboardEvent, useState } from "react";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { busiestCell, HEAT_LEVELS, type HeatCell, heatLevel, steppedCell } from "./heat-level.ts";
import {
  counted,
  formatCount,
  formatHour,
  hourWords,
  periodWords,
  WEEKDAYS,
} from "./listening-wording.ts";
import { PanelScope } from "./panel-scope.tsx";
import { isNarrowed } from "./shown-statistics.ts";
import { UntoldTimes } from "./untold-times.tsx";
import "./heatmap-panel.css";

interface HeatmapPanelProps {
  /** null: not told for what the page is narrowed to. */
  readonly heatmap: readonly (readonly number[])[] | null;
  /** Whose plays of which days these are: a cell of everything leads to the same at its hour. */
  readonly place: StatsLocation;
  /** Of everything in the period. */
  readonly plays: number;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const LEVELS = Array.from({ length: HEAT_LEVELS + 1 }, (_, level) => level);
/** Hours that are named above their column. */
const NAMED_EVERY = 6;

export function HeatmapPanel({ heatmap, place, plays }: HeatmapPanelProps) {
  const { focus } = place;
  return (
    <section className="panel stats-panel" aria-labelledby="heatmap-heading">
      <header className="panel-header">
        <h2 id="heatmap-heading">Through the week</h2>
        <PanelScope focus={focus} chosenIn="hour" />
        {heatmap !== null && (
          <p className="heat-legend small soft" aria-hidden="true">
            fewer
            {LEVELS.map((level) => (
              <i key={level} data-level={level} />
            ))}
            more
          </p>
        )}
      </header>
      {heatmap === null ? (
        <UntoldTimes focus={focus} plays={plays} />
      ) : (
        <Heatmap heatmap={heatmap} place={place} leads={!isNarrowed(focus, "hour")} />
      )}
    </section>
  );
}

interface HeatmapProps {
  readonly heatmap: readonly (readonly number[])[];
  readonly place: StatsLocation;
  /** Its cells lead to their hour: not those of one artist, as they would lead to all artists. */
  readonly leads: boolean;
}

function Heatmap({ heatmap, place, leads }: HeatmapProps) {
  const busiest = busiestCell(heatmap);
  const focused = place.focus?.kind === "hour" ? place.focus : null;
  const [entered, setEntered] = useState<HeatCell | null>(null);
  // One stop for the tab key, from which arrows go on: 168 stops would bar the way past.
  const stop = entered ?? focused ?? busiest;
  return (
    <>
      <table className="heatmap" onKeyDown={(event) => moveFocus(event, setEntered)}>
        <caption className="visually-hidden">
          Plays by weekday and hour {periodWords(place.period)}
        </caption>
        <thead>
          <tr>
            <td />
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {hour % NAMED_EVERY === 0 ? (
                  formatHour(hour)
                ) : (
                  <span className="visually-hidden">{formatHour(hour)}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WEEKDAYS.map((name, weekday) => (
            <tr key={name}>
              <th scope="row">
                <abbr title={name}>{name.slice(0, 3)}</abbr>
              </th>
              {HOURS.map((hour) => {
                const plays = heatmap[weekday]?.[hour] ?? 0;
                const isFocused = isSameCell(focused, { weekday, hour });
                return (
                  <td
                    key={hour}
                    data-level={heatLevel(plays, busiest?.plays ?? 0)}
                    data-focused={isFocused || undefined}
                  >
                    {leads ? (
                      <PageLink
                        to={{ ...place, focus: isFocused ? null : { kind: "hour", weekday, hour } }}
                        title={`${hourWords(weekday, hour)}: ${counted(plays, "play")}`}
                        aria-label={`${counted(plays, "play")}, ${hourWords(weekday, hour)}`}
                        aria-current={isFocused ? "true" : undefined}
                        tabIndex={isSameCell(stop, { weekday, hour }) ? 0 : -1}
                        data-weekday={weekday}
                        data-hour={hour}
                      >
                        <span className="visually-hidden">{formatCount(plays)}</span>
                      </PageLink>
                    ) : (
                      <span
                        className="heat-cell"
                        title={`${hourWords(weekday, hour)}: ${counted(plays, "play")}`}
                      >
                        <span className="visually-hidden">{formatCount(plays)}</span>
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {busiest !== null && (
        <p className="small soft">
          Most on {WEEKDAYS[busiest.weekday]}s from {formatHour(busiest.hour)} to{" "}
          {formatHour((busiest.hour + 1) % 24)}: {counted(busiest.plays, "play")}.
          {leads && " Choose an hour to see what was played."}
        </p>
      )}
    </>
  );
}

function isSameCell(one: HeatCell | null, other: HeatCell): boolean {
  return one !== null && one.weekday === other.weekday && one.hour === other.hour;
}

/** Arrow keys, Home and End go from cell to cell. */
function moveFocus(
  event: KeyboardEvent<HTMLTableElement>,
  setEntered: (cell: HeatCell) => void,
): void {
  if (!(event.target instanceof HTMLAnchorElement)) return;
  const { weekday, hour } = event.target.dataset;
  const next = steppedCell({ weekday: Number(weekday), hour: Number(hour) }, event.key);
  if (next === null) return;
  event.preventDefault();
  setEntered(next);
  const selector = `a[data-weekday="${next.weekday}"][data-hour="${next.hour}"]`;
  event.currentTarget.querySelector<HTMLAnchorElement>(selector)?.focus();
}
