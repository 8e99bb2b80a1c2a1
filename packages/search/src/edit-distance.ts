/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each one
 * error, no part edited twice (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).
 */

const LENGTH_MAX = 512;
// Kept between calls: a search compares some hundred pairs, and nothing here is asynchronous.
const firstRow = new Uint16Array(LENGTH_MAX + 1);
const secondRow = new Uint16Array(LENGTH_MAX + 1);
const thirdRow = new Uint16Array(LENGTH_MAX + 1);

/** Errors between two texts in UTF-16 units; anything above `max` is reported as `max + 1`. */
export function editDistance(left: string, right: string, max: number): number {
  if (Math.abs(left.length - right.length) > max) return max + 1;
  if (left === right) return 0;
  const last = lastRow(left, right, max);
  return last === undefined ? max + 1 : Math.min(max + 1, last[right.length] ?? 0);
}

/** The fewest errors between `typed` and any beginning of `text`; above `max`: `max + 1`. */
export function prefixDistance(typed: string, text: string, max: number): number {
  if (text.startsWith(typed)) return 0;
  const beginning = text.slice(0, typed.length + max);
  const last = lastRow(typed, beginning, max);
  if (last === undefined) return max + 1;
  let best = max + 1;
  for (let column = 0; column <= beginning.length; column += 1) {
    best = Math.min(best, last[column] ?? best);
  }
  return best;
}

/** The last row of the alignment table, or undefined when every way there exceeds `max`. */
function lastRow(left: string, right: string, max: number): Uint16Array | undefined {
  if (left.length > LENGTH_MAX || right.length > LENGTH_MAX) return undefined;
  let [current, previous, beforePrevious] = [firstRow, secondRow, thirdRow];
  for (let column = 0; column <= right.length; column += 1) current[column] = column;
  for (let row = 1; row <= left.length; row += 1) {
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
    const unit = left.charCodeAt(row - 1);
    const unitBefore = row > 1 ? left.charCodeAt(row - 2) : -1;
    current[0] = row;
    let best = row;
    for (let column = 1; column <= right.length; column += 1) {
      const other = right.charCodeAt(column - 1);
      let errors = (previous[column - 1] as number) + (unit === other ? 0 : 1);
      errors = Math.min(
        errors,
        (previous[column] as number) + 1,
        (current[column - 1] as number) + 1,
      );
      if (column > 1 && unitBefore === other && unit === right.charCodeAt(column - 2)) {
        errors = Math.min(errors, (beforePrevious[column - 2] as number) + 1);
      }
      current[column] = errors;
      if (errors < best) best = errors;
    }
    // A swap two rows on starts from the row above, but that row's best is at least this one's
    // less one, so it cannot come back under the limit.
    if (best > max) return undefined;
  }
  return current;
}
