/** Typing errors as people make them, from a seed; for tests and the benchmark. */

export type Random = () => number;

/** mulberry32: a small generator of numbers in [0, 1), the same for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One letter left out, doubled or added, replaced, or swapped with the next, at a random letter. */
export function withTypingError(text: string, random: Random): string {
  const places = [...text].flatMap((character, index) => (/\p{L}/u.test(character) ? [index] : []));
  return mistypedAt(text, places[Math.floor(random() * places.length)] ?? 0, random);
}

/** The same in the first letter. */
export function withFirstLetterError(text: string, random: Random): string {
  return mistypedAt(text, 0, random);
}

function mistypedAt(text: string, place: number, random: Random): string {
  const letter = String.fromCharCode("a".charCodeAt(0) + Math.floor(random() * 26));
  const before = text.slice(0, place);
  const after = text.slice(place + 1);
  const kind = Math.floor(random() * 4);
  if (kind === 0) return before + after;
  if (kind === 1) return before + letter + text.slice(place);
  const next = after[0];
  if (kind === 2 && next !== undefined && next !== " ") {
    return before + next + text[place] + after.slice(1);
  }
  return before + letter + after;
}
