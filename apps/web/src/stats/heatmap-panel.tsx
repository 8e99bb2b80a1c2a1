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
import "./heatmap-panel.css";

interface HeatmapPanelProps {
  readonly heatmap: readonly (readonly number[])[];
  /** Whose plays of which days these are: a cell leads to the same at its hour. */
  readonly place: StatsLocation;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const LEVELS = Array.from({ length: HEAT_LEVELS + 1 }, (_, level) => level);
/** Hours that are named above their column. */
const NAMED_EVERY = 6;

export function HeatmapPanel({ heatmap, place }: HeatmapPanelProps) {
  const busiest = busiestCell(heatmap);
  const focused = place.focus?.kind === "hour" ? place.focus : null;
  const [entered, setEntered] = useState<HeatCell | null>(null);
  // One stop for the tab key, from which arrows go on: 168 stops would bar the way past.
  const stop = entered ?? focused ?? busiest;
  return (
    <section className="panel stats-panel" aria-labelledby="heatmap-heading">
      <header className="panel-header">
        <h2 id="heatmap-heading">Through the week</h2>
        <p className="heat-legend small soft" aria-hidden="true">
          fewer
          {LEVELS.map((level) => (
            <i key={level} data-level={level} />
          ))}
          more
        </p>
      </header>
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
          {formatHour((busiest.hour + 1) % 24)}: {counted(busiest.plays, "play")}. Choose an hour to
          see its songs.
        </p>
      )}
    </section>
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
