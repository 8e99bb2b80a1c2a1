/** Plain-text tables for people; `--json` is for programs. */
import { printable } from "./printable.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: "left" | "right";
  /** Whether its text may be cut where the terminal is too narrow for the table. */
  readonly canShrink?: boolean;
}

const GAP = "  ";
const SHRUNK_WIDTH_MIN = 10;

/**
 * Rows under their titles, columns as wide as their content, two spaces apart.
 * @param widthMax terminal cells of a line; wherever output goes that is no terminal, all is told
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  widthMax: number = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => printable(column.value(row)))),
  ];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => displayWidth(line[index] ?? ""))),
  );
  shrink(widths, columns, widthMax);
  return lines
    .map((line) =>
      line
        .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? "left"))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** Names and their values, one pair a line. */
export function renderPairs(pairs: readonly (readonly [string, string])[]): string {
  const shown = pairs.map(([name, value]) => [printable(name), printable(value)] as const);
  const width = Math.max(...shown.map(([name]) => displayWidth(name)));
  return shown.map(([name, value]) => `${pad(name, width, "left")}${GAP}${value}`).join("\n");
}

/** Takes cells from the widest columns first. */
function shrink<Row>(widths: number[], columns: readonly Column<Row>[], widthMax: number): void {
  const gaps = GAP.length * (columns.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, gaps) - widthMax;
  for (; excess > 0; excess--) {
    const shrinkable = widths.map((width, index) => (columns[index]?.canShrink ? width : 0));
    const widest = Math.max(...shrinkable);
    if (widest <= SHRUNK_WIDTH_MIN) return;
    widths[shrinkable.indexOf(widest)] = widest - 1;
  }
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const cell = cut(text, width);
  const space = " ".repeat(Math.max(0, width - displayWidth(cell)));
  return align === "right" ? space + cell : cell + space;
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let start = "";
  for (const character of text) {
    if (displayWidth(start + character) > width - 1) break;
    start += character;
  }
  return `${start.trimEnd()}…`;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uFF01-\uFF60]/u;
const COMBINING = /\p{M}/u;

/** Terminal cells that a text takes: CJK characters take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (COMBINING.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
