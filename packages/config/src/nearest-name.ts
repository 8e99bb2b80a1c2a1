/** The known name that takes the fewest edits to reach. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const byDistance = known.map((candidate) => ({
    candidate,
    edits: editsBetween(name, candidate),
  }));
  return byDistance.toSorted((left, right) => left.edits - right.edits)[0]?.candidate;
}

/** Levenshtein distance: insertions, deletions and replacements. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...to].entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1);
      const inserted = (next[index] ?? 0) + 1;
      const deleted = (row[index + 1] ?? 0) + 1;
      next.push(Math.min(replaced, inserted, deleted));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
