/** Two runs as tables, for people. */
import { printable } from "../output/printable.ts";
import { renderTable } from "../output/table.ts";
import type { NumberPair, RunComparison } from "./compare-runs.ts";
import { renderTitled } from "./render-titled.ts";

const USERS_SHOWN = 10;

export function renderComparison(comparison: RunComparison): string {
  const { before, after, performance, isSameAnswer, counts, lists, usersDiffering } = comparison;
  const parts = [
    renderTitled(printable(`Seconds, ${before} and ${after}`), pairs(performance, seconds)),
  ];
  if (isSameAnswer) return [...parts, "Both runs have the same answers."].join("\n\n");
  if (counts.length > 0) parts.push(renderTitled("Plays that differ", pairs(counts, String)));
  for (const list of lists) {
    const [old, now] = [list.before, list.after].map((names) => printable(names.join(", ")));
    const text = `${old}\n${now}`;
    parts.push(renderTitled(`Different ${list.name}`, text));
  }
  if (usersDiffering.length > 0) {
    const shown = printable(usersDiffering.slice(0, USERS_SHOWN).join(", "));
    const rest = usersDiffering.length - USERS_SHOWN;
    parts.push(
      renderTitled(
        `Listeners that differ: ${usersDiffering.length}`,
        rest > 0 ? `${shown} and ${rest} more` : shown,
      ),
    );
  }
  return parts.join("\n\n");
}

function pairs(rows: readonly NumberPair[], format: (value: number) => string): string {
  const cell = (value: number | undefined) => (value === undefined ? "-" : format(value));
  return renderTable(
    [
      { title: "", value: ({ name }: NumberPair) => name, canShrink: true },
      { title: "before", value: (pair) => cell(pair.before), align: "right" },
      { title: "after", value: (pair) => cell(pair.after), align: "right" },
      { title: "ratio", value: ratio, align: "right" },
    ],
    rows,
  );
}

function ratio({ before, after }: NumberPair): string {
  if (before === undefined || after === undefined || before === 0) return "";
  return (after / before).toFixed(2);
}

function seconds(value: number): string {
  return value.toFixed(3);
}
