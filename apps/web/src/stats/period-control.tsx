/** The span of days that is looked at, as links, and two days to choose freely. */
import { ActionIcon } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { PageLink } from "../location/page-link.tsx";
import type { StatsLocation } from "../location/page-location.ts";
import { navigate } from "../location/use-page-location.ts";
import { IconChevronLeft, IconChevronRight } from "../theme/icons.ts";
import { addDays, type Day, dayOf } from "./day.ts";
import { formatDays } from "./listening-wording.ts";
import {
  customPeriod,
  daysOf,
  MOVING_PERIODS,
  type MovingPeriod,
  neighbourPeriod,
  type Period,
} from "./period.ts";

const LABELS: Readonly<Record<MovingPeriod, string>> = {
  today: "Today",
  "7d": "7 days",
  "30d": "30 days",
  year: "This year",
  all: "All time",
};

interface PeriodControlProps {
  readonly place: StatsLocation;
  readonly today: Day;
}

export function PeriodControl({ place, today }: PeriodControlProps) {
  const { period } = place;
  const range = daysOf(period, today);
  const custom = customPeriod(range.from ?? addDays(today, -29), range.to ?? today);
  return (
    <div className="period-control">
      <nav aria-label="Period" className="period-links">
        {MOVING_PERIODS.map((kind) => (
          <PageLink
            key={kind}
            to={{ ...place, period: { kind } }}
            how="replace"
            aria-current={period.kind === kind ? "true" : undefined}
          >
            {LABELS[kind]}
          </PageLink>
        ))}
        <PageLink
          to={{ ...place, period: custom }}
          how="replace"
          aria-current={period.kind === "custom" ? "true" : undefined}
        >
          Days
        </PageLink>
      </nav>
      <div className="period-days">
        <Step place={place} today={today} direction={-1} />
        {period.kind === "custom" ? (
          <CustomDays place={place} period={period} />
        ) : (
          <span className="small soft numeric">{formatDays(range)}</span>
        )}
        <Step place={place} today={today} direction={1} />
      </div>
    </div>
  );
}

interface StepProps extends PeriodControlProps {
  readonly direction: -1 | 1;
}

function Step({ place, today, direction }: StepProps) {
  const next = neighbourPeriod(place.period, direction, today);
  if (place.period.kind === "all") return null;
  const label = direction === -1 ? "The days before" : "The days after";
  return (
    <ActionIcon
      variant="subtle"
      color="var(--ink)"
      size={32}
      aria-label={label}
      disabled={next === null}
      onClick={() => {
        if (next !== null) navigate({ ...place, period: next }, "replace");
      }}
    >
      {direction === -1 ? <IconChevronLeft size={18} /> : <IconChevronRight size={18} />}
    </ActionIcon>
  );
}

interface CustomDaysProps {
  readonly place: StatsLocation;
  readonly period: Extract<Period, { readonly kind: "custom" }>;
}

function CustomDays({ place, period: { from, to } }: CustomDaysProps) {
  const show = (one: Day, other: Day) =>
    navigate({ ...place, period: customPeriod(one, other) }, "replace");
  return (
    <span className="period-inputs">
      <DayInput label="First day" day={from} onDay={(day) => show(day, to)} />
      <span aria-hidden="true">–</span>
      <DayInput label="Last day" day={to} onDay={(day) => show(from, day)} />
    </span>
  );
}

interface DayInputProps {
  readonly label: string;
  readonly day: Day;
  readonly onDay: (day: Day) => void;
}

/** Takes the day when the field is left or a key ends the typing: on the way there are other days. */
function DayInput({ label, day, onDay }: DayInputProps) {
  const [draft, setDraft] = useState(day);
  const isTyping = useRef(false);
  useEffect(() => setDraft(day), [day]);
  const take = (text: string) => {
    isTyping.current = false;
    const chosen = dayOf(text);
    if (chosen === null) setDraft(day);
    else if (chosen !== day) onDay(chosen);
  };
  return (
    <input
      type="date"
      aria-label={label}
      value={draft}
      min="1970-01-01"
      onKeyDown={({ key, currentTarget }) => {
        if (key === "Enter") take(currentTarget.value);
        else isTyping.current = true;
      }}
      onChange={({ currentTarget }) => {
        setDraft(currentTarget.value);
        // Chosen in the browser's calendar.
        if (!isTyping.current) take(currentTarget.value);
      }}
      onBlur={({ currentTarget }) => take(currentTarget.value)}
    />
  );
}
