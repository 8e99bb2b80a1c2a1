/** Makes texts of unknown length keep within a width. */
import type { MeasureText } from "./picture.ts";

const ELLIPSIS = "…";
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The text, or as much of its beginning as fits before an ellipsis. */
export function cutText(
  text: string,
  widthMax: number,
  size: number,
  weight: number,
  measure: MeasureText,
): string {
  if (measure(text, size, weight) <= widthMax) return text;
  const parts = Array.from(characters.segment(text), ({ segment }) => segment);
  let fits = 0;
  let excess = parts.length;
  while (excess - fits > 1) {
    const middle = Math.floor((fits + excess) / 2);
    const cut = parts.slice(0, middle).join("").trimEnd() + ELLIPSIS;
    if (measure(cut, size, weight) <= widthMax) fits = middle;
    else excess = middle;
  }
  return parts.slice(0, fits).join("").trimEnd() + ELLIPSIS;
}

/** The largest size, from sizeMax down to sizeMin, at which the text fits; sizeMin when none does. */
export function shrinkText(
  text: string,
  widthMax: number,
  { sizeMax, sizeMin }: { readonly sizeMax: number; readonly sizeMin: number },
  weight: number,
  measure: MeasureText,
): number {
  const width = measure(text, sizeMax, weight);
  if (width <= widthMax) return sizeMax;
  return Math.max(sizeMin, Math.floor((sizeMax * widthMax) / width));
}
