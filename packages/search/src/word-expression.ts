/** FTS5 query text (https://sqlite.org/fts5.html#full_text_query_syntax) from folded words alone. */

/** A word or a run of words; `isBeginning` also accepts longer last words. */
export interface WordPattern {
  readonly text: string;
  readonly isBeginning: boolean;
}

/** The words in this order at the start of a title. */
export function titleStartsWith(patterns: readonly WordPattern[]): string {
  return `title : ^ ${patterns.map(quoted).join(" + ")}`;
}

/** The words in this order at the start of an artist's name. */
export function artistStartsWith(patterns: readonly WordPattern[]): string {
  return `artist : ^ ${patterns.map(quoted).join(" + ")}`;
}

/** Every group matched by one of its patterns, anywhere in title and artist. */
export function allOf(groups: readonly (readonly WordPattern[])[]): string {
  return [...new Set(groups.map(anyOf))].join(" AND ");
}

function anyOf(patterns: readonly WordPattern[]): string {
  const texts = patterns.map(quoted);
  return texts.length === 1 ? texts.join() : `(${texts.join(" OR ")})`;
}

// Folded text holds letters, digits, marks and private-use characters only, so it has no quote to escape.
function quoted(pattern: WordPattern): string {
  return `"${pattern.text}"${pattern.isBeginning ? " *" : ""}`;
}
