/** So many characters of a caller's own text a message repeats; a status travels in headers, which are short. */
const CHARACTERS_MAX = 100;

/** A name from a request as a message may hold it: the beginning of one that is long. */
export function shownName(name: string): string {
  if (name.length <= CHARACTERS_MAX) return name;
  // Half a surrogate pair is no text.
  return `${name.slice(0, CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, "")}...`;
}
