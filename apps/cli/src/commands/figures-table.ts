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

/** What fits 80 columns; `--json` has every figure with its standard error. */
const SHOWN = ["hr@10", "hr@20", "mrr@20", "ndcg@10", "coverage@20", "ms/query"];

type Figures = Readonly<Record<string, number>>;

export function methodTitle(method: string): string {
  return METHOD_TITLES[method] ?? method;
}

export function renderFigures(byMethod: Readonly<Record<string, Figures>>): string {
  const rows = Object.entries(byMethod);
  const names = SHOWN.filter((name) => rows.some(([, figures]) => name in figures));
  return renderTable(
    [
      { title: "method", value: ([method]: [string, Figures]) => methodTitle(method) },
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
  return value.toFixed(4);
}
