/** Finds where a search matched, so that a result shows why it is there. */

export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Splits a text at every place where a word of the search begins a word, whatever case or accents. */
export function highlightParts(text: string, search: string): readonly TextPart[] {
  const words = fold(search)
    .text.split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const folded = fold(text);
  const isMarked = new Array<boolean>(text.length).fill(false);
  for (const word of words) {
    for (const start of placesOf(word, folded.text)) {
      const from = folded.origins[start] ?? 0;
      const to = folded.origins[start + word.length] ?? text.length;
      isMarked.fill(true, from, to);
    }
  }
  return partsOf(text, isMarked);
}

interface Folded {
  readonly text: string;
  /** Where each character of the folded text came from. */
  readonly origins: readonly number[];
}

function fold(text: string): Folded {
  let folded = "";
  const origins: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    folded += plain;
    for (let index = 0; index < plain.length; index++) origins.push(at);
    at += character.length;
  }
  return { text: folded, origins };
}

/** A word is found at the beginning of words; scripts without spaces have no such places. */
function placesOf(word: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text.slice(0, at);
    if (at === 0 || !/[\p{L}\p{N}]$/u.test(before) || isUnspaced(word)) places.push(at);
  }
  return places;
}

function isUnspaced(word: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word);
}

function partsOf(text: string, isMarked: readonly boolean[]): TextPart[] {
  const parts: TextPart[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && isMarked[at] === isMarked[start]) continue;
    parts.push({ text: text.slice(start, at), isMatch: isMarked[start] ?? false });
    start = at;
  }
  return parts;
}
