/** When it is played: weekday by hour, as a table whose cells are coloured. */

import { busiestCell, HEAT_LEVELS, heatLevel } from "./heat-level.ts";
import { counted, formatCount, formatHour, WEEKDAYS } from "./listening-wording.ts";

interface HeatmapPanelProps {
  readonly heatmap: readonly (readonly number[])[];
  /** The period, such as "this year". */
  readonly words: string;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const LEVELS = Array.from({ length: HEAT_LEVELS + 1 }, (_, level) => level);
/** Hours that are named above their column. */
const NAMED_EVERY = 6;

export function HeatmapPanel({ heatmap, words }: HeatmapPanelProps) {
  const busiest = busiestCell(heatmap);
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
      <table className="heatmap">
        <caption className="visually-hidden">Plays by weekday and hour {words}</caption>
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
          {WEEKDAYS.map((weekday, index) => (
            <tr key={weekday}>
              <th scope="row">
                <abbr title={weekday}>{weekday.slice(0, 3)}</abbr>
              </th>
              {HOURS.map((hour) => {
                const plays = heatmap[index]?.[hour] ?? 0;
                return (
                  <td
                    key={hour}
                    data-level={heatLevel(plays, busiest?.plays ?? 0)}
                    title={`${weekday} ${formatHour(hour)}: ${counted(plays, "play")}`}
                  >
                    <span className="visually-hidden">{formatCount(plays)}</span>
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
        </p>
      )}
    </section>
  );
}
