/** How strongly a cell of the heatmap is coloured. */

export const HEAT_LEVELS = 6;

/**
 * 0 for nothing, then 1 to HEAT_LEVELS. By the square root of the share of the busiest cell: plays
 * bunch up in a few hours, and by the share alone all others would look alike.
 */
export function heatLevel(plays: number, most: number): number {
  if (plays <= 0 || most <= 0) return 0;
  return Math.max(1, Math.ceil(Math.sqrt(Math.min(1, plays / most)) * HEAT_LEVELS));
}

export interface HeatCell {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly hour: number;
}

export interface BusiestCell extends HeatCell {
  readonly plays: number;
}

/** The first of equally busy ones; null when nothing was played. */
export function busiestCell(heatmap: readonly (readonly number[])[]): BusiestCell | null {
  let busiest: BusiestCell | null = null;
  for (const [weekday, hours] of heatmap.entries()) {
    for (const [hour, plays] of hours.entries()) {
      if (plays > (busiest?.plays ?? 0)) busiest = { weekday, hour, plays };
    }
  }
  return busiest;
}

/** Plays by hour of the day, over all weekdays. */
export function playsByHour(heatmap: readonly (readonly number[])[]): readonly number[] {
  return Array.from({ length: 24 }, (_, hour) =>
    heatmap.reduce((sum, hours) => sum + (hours[hour] ?? 0), 0),
  );
}

/** Where a key leads from a cell; null for keys that lead nowhere, and at the edges. */
export function steppedCell({ weekday, hour }: HeatCell, key: string): HeatCell | null {
  const next = STEPS[key]?.({ weekday, hour });
  if (next === undefined) return null;
  const isInside = next.weekday >= 0 && next.weekday < 7 && next.hour >= 0 && next.hour < 24;
  return isInside ? next : null;
}

const STEPS: Readonly<Record<string, (from: HeatCell) => HeatCell>> = {
  ArrowUp: ({ weekday, hour }) => ({ weekday: weekday - 1, hour }),
  ArrowDown: ({ weekday, hour }) => ({ weekday: weekday + 1, hour }),
  ArrowLeft: ({ weekday, hour }) => ({ weekday, hour: hour - 1 }),
  ArrowRight: ({ weekday, hour }) => ({ weekday, hour: hour + 1 }),
  Home: ({ weekday }) => ({ weekday, hour: 0 }),
  End: ({ weekday }) => ({ weekday, hour: 23 }),
};
