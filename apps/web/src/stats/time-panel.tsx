/** Listening over time: bars to look at and to click, and the same as a table. */
import { BarChart } from "@mantine/charts";
import { useState } from "react";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { navigate } from "../location/use-page-location.ts";
import type { Day } from "./day.ts";
import { counted, formatCount, formatListening } from "./listening-wording.ts";
import { PanelScope } from "./panel-scope.tsx";
import { customPeriod, daysOf, isSingleDay } from "./period.ts";
import type { Times } from "./shown-statistics.ts";
import { type TimeBar, timeBars } from "./time-bars.ts";
import { UntoldTimes } from "./untold-times.tsx";

interface TimePanelProps {
  readonly place: StatsLocation;
  readonly times: Times;
  /** Of everything in the period. */
  readonly plays: number;
  readonly today: Day;
}

type Measure = "plays" | "seconds";

/** What the chart draws a bar with. */
const BAR = ".recharts-bar-rectangle";

const MEASURES: readonly (readonly [Measure, string])[] = [
  ["plays", "Plays"],
  ["seconds", "Time"],
];

export function TimePanel({ place, times, plays, today }: TimePanelProps) {
  const [chosen, setChosen] = useState<Measure>("plays");
  const bars =
    times === null ? [] : timeBars(times, place.period, daysOf(place.period, today), today);
  const labels = new Map(bars.map(({ name, label }) => [name, label]));
  const isByHour = isSingleDay(place.period);
  const measure = isByHour ? "plays" : chosen;
  const show = (bar: TimeBar | undefined) => {
    if (bar === undefined || bar.days === null || bar.plays === 0) return;
    navigate({ ...place, period: customPeriod(bar.days.from, bar.days.to) }, "push");
  };
  return (
    <section className="panel stats-panel" aria-labelledby="time-heading">
      <header className="panel-header">
        <h2 id="time-heading">{isByHour ? "Through the day" : "Listening over time"}</h2>
        <PanelScope focus={place.focus} />
        {!isByHour && times !== null && (
          <fieldset className="measure-switch">
            <legend className="visually-hidden">Measured in</legend>
            {MEASURES.map(([name, label]) => (
              <button
                type="button"
                key={name}
                aria-pressed={measure === name}
                onClick={() => setChosen(name)}
              >
                {label}
              </button>
            ))}
          </fieldset>
        )}
      </header>
      {times === null ? (
        <UntoldTimes focus={place.focus} plays={plays} />
      ) : (
        <>
          <div aria-hidden="true" className="time-chart" data-clickable={!isByHour || undefined}>
            <BarChart
              h={250}
              data={bars.map((bar) => ({ ...bar, seconds: bar.seconds ?? 0 }))}
              dataKey="name"
              series={[{ name: measure, color: "var(--chart-bar)" }]}
              valueFormatter={measure === "plays" ? formatCount : formatListening}
              tickLine="none"
              gridAxis="x"
              strokeDasharray="0"
              accessibilityLayer={false}
              maxBarWidth={44}
              xAxisProps={{
                minTickGap: 28,
                // Weeks of one month bear one label.
                ticks: bars
                  .filter(({ label }, index) => label !== bars[index - 1]?.label)
                  .map(({ name }) => name),
                tickMargin: 8,
                tickFormatter: (name: string) => labels.get(name) ?? name,
              }}
              yAxisProps={{ width: measure === "plays" ? 44 : 64, allowDecimals: false }}
              tooltipProps={{
                content: ({ active, label }) => (
                  <BarTip bar={active ? bars.find((bar) => bar.name === label) : undefined} />
                ),
              }}
              barProps={{
                isAnimationActive: false,
                radius: [4, 4, 0, 0],
                onClick: (_bar, index) => show(bars[index]),
              }}
              barChartProps={{
                // Above a short bar; the bar's own click has been heard already.
                onClick: ({ activeTooltipIndex: index }, { target }) => {
                  if (target instanceof Element && target.closest(BAR) !== null) return;
                  if (index != null) show(bars[Number(index)]);
                },
              }}
            />
          </div>
          <BarTable place={place} bars={bars} />
        </>
      )}
    </section>
  );
}

function BarTip({ bar }: { readonly bar: TimeBar | undefined }) {
  if (bar === undefined) return null;
  return (
    <div className="chart-tip">
      <strong>{bar.name}</strong>
      <span className="numeric">
        {counted(bar.plays, "play")}
        {bar.seconds !== null && `, ${formatListening(bar.seconds)}`}
      </span>
      {bar.days !== null && bar.plays > 0 && <span className="soft">click to look closer</span>}
    </div>
  );
}

interface BarTableProps {
  readonly place: StatsLocation;
  readonly bars: readonly TimeBar[];
}

function BarTable({ place, bars }: BarTableProps) {
  const played = bars.filter(({ plays }) => plays > 0);
  return (
    <details className="as-table">
      <summary className="small">As a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Plays</th>
            {played[0]?.seconds != null && <th scope="col">Listening time</th>}
          </tr>
        </thead>
        <tbody>
          {played.map(({ name, plays, seconds, days }) => (
            <tr key={days?.from ?? name}>
              <th scope="row">
                {days === null ? (
                  name
                ) : (
                  <PageLink to={{ ...place, period: customPeriod(days.from, days.to) }}>
                    {name}
                  </PageLink>
                )}
              </th>
              <td className="numeric">{formatCount(plays)}</td>
              {seconds !== null && <td className="numeric">{formatListening(seconds)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
