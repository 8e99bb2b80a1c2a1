/** Ranking figures as a table: one row a method, the network last. */
import { renderTable } from "../output/table.ts";

const METHOD_TITLES: Readonly<Record<string, string>> = {
  popularity: "popularity",
  popularityLastWeek: "popularity, last 7 days",
  associationRules: "AR (co-occurrence)",
  sequentialRules: "SR (sequential rules)",
  extendedSequentialRules: "SR+ (last 4 songs)",
  network: "network (RNN + LSTM)",
};

type Figures = Readonly<Record<string, number>>;

export function renderFigures(byMethod: Readonly<Record<string, Figures>>): string {
  const rows = Object.entries(byMethod);
  const names = [...new Set(rows.flatMap(([, figures]) => Object.keys(figures)))];
  return renderTable(
    [
      { title: "method", value: ([method]: [string, Figures]) => METHOD_TITLES[method] ?? method },
      ...names.map((name) => ({
        title: name,
        value: ([, figures]: [string, Figures]) => formatFigure(figures[name]),
        align: "right" as const,
      })),
    ],
    rows,
  );
}

function formatFigure(value: number | undefined): string {
  if (value === undefined) return "";
  return Number.isInteger(value) && value > 1 ? String(value) : value.toFixed(4);
}
