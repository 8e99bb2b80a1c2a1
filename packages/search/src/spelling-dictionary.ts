/**
 * Finds the known words within a few typing errors of a word: SymSpell (Garbe, 2012), where two
 * words within d errors have an equal text left after at most d deletions from each. The hashes
 * of these texts lie in typed arrays, grouped by bucket: about 8 bytes each, at most 29 a word.
 */
import { editDistance } from "./edit-distance.ts";
import { SYMBOL_WORD_MARK } from "./fold-name.ts";

export interface Term {
  readonly text: string;
  /** Number of songs with this word. */
  readonly songCount: number;
}

export interface Suggestion extends Term {
  readonly errors: number;
}

/** Deletions are made in the beginning only, so long words stay cheap; the rest is compared. */
const BEGINNING_LENGTH = 7;
const WORD_LENGTH_MAX = 32;
const HASHES_PER_BUCKET = 16;

/** How many errors a word of this many letters may have and still be recognised. */
export function errorsMaxFor(wordLength: number): number {
  if (wordLength < 2 || wordLength > WORD_LENGTH_MAX) return 0;
  return wordLength < 6 ? 1 : 2;
}

export class SpellingDictionary {
  readonly #words: string[] = [];
  readonly #songCounts: Uint32Array;
  readonly #bucketShift: number;
  /** Start of each bucket in the two arrays below; one more than there are buckets. */
  readonly #bucketStarts: Uint32Array;
  readonly #hashes: Uint32Array;
  readonly #wordIndexes: Uint32Array;

  constructor(terms: Iterable<Term>) {
    const songCounts: number[] = [];
    for (const term of terms) {
      if (!isCorrectable(term.text)) continue;
      this.#words.push(term.text);
      songCounts.push(term.songCount);
    }
    this.#songCounts = Uint32Array.from(songCounts);
    const entries = hashAll(this.#words);
    const bits = Math.max(4, Math.ceil(Math.log2(entries.count / HASHES_PER_BUCKET + 1)));
    this.#bucketShift = 32 - bits;
    this.#bucketStarts = new Uint32Array(2 ** bits + 1);
    this.#hashes = new Uint32Array(entries.count);
    this.#wordIndexes = new Uint32Array(entries.count);
    this.#fillBuckets(entries);
  }

  get wordCount(): number {
    return this.#words.length;
  }

  /** Memory of the typed arrays. */
  get bytes(): number {
    return (
      this.#hashes.byteLength * 2 + this.#bucketStarts.byteLength + this.#songCounts.byteLength
    );
  }

  /** How many songs have exactly this word; 0 for an unknown one. */
  songCountOf(word: string): number {
    const hash = hashWithout(word, Math.min(word.length, BEGINNING_LENGTH), -1, -1);
    const [start, end] = this.#bucketOf(hash);
    for (let at = start; at < end; at += 1) {
      const index = this.#wordIndexes[at] as number;
      if (this.#hashes[at] === hash && this.#words[index] === word) {
        return this.#songCounts[index] as number;
      }
    }
    return 0;
  }

  /** Known words that `word` may mean, itself included: fewest errors first, then most songs. */
  suggest(word: string, limit: number): Suggestion[] {
    const errorsMax = errorsMaxFor(word.length);
    const seen = new Set<number>();
    const suggestions: Suggestion[] = [];
    for (const hash of deletionHashes(word, errorsMax)) {
      const [start, end] = this.#bucketOf(hash);
      for (let at = start; at < end; at += 1) {
        if (this.#hashes[at] !== hash) continue;
        const index = this.#wordIndexes[at] as number;
        if (seen.has(index)) continue;
        seen.add(index);
        const text = this.#words[index] as string;
        const errors = editDistance(word, text, errorsMax);
        if (errors > errorsMax) continue;
        suggestions.push({ text, errors, songCount: this.#songCounts[index] as number });
      }
    }
    suggestions.sort(
      (left, right) => left.errors - right.errors || right.songCount - left.songCount,
    );
    return suggestions.slice(0, limit);
  }

  #bucketOf(hash: number): [start: number, end: number] {
    const bucket = hash >>> this.#bucketShift;
    return [this.#bucketStarts[bucket] as number, this.#bucketStarts[bucket + 1] as number];
  }

  /** Counting sort by bucket: first the sizes, then the places. */
  #fillBuckets(entries: HashEntries): void {
    const starts = this.#bucketStarts;
    for (let at = 0; at < entries.count; at += 1) {
      const next = ((entries.hashes[at] as number) >>> this.#bucketShift) + 1;
      starts[next] = (starts[next] as number) + 1;
    }
    for (let bucket = 1; bucket < starts.length; bucket += 1) {
      starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number);
    }
    const cursors = starts.slice();
    for (let at = 0; at < entries.count; at += 1) {
      const hash = entries.hashes[at] as number;
      const bucket = hash >>> this.#bucketShift;
      const place = cursors[bucket] as number;
      cursors[bucket] = place + 1;
      this.#hashes[place] = hash;
      this.#wordIndexes[place] = entries.wordIndexes[at] as number;
    }
  }
}

interface HashEntries {
  readonly count: number;
  readonly hashes: Uint32Array;
  readonly wordIndexes: Uint32Array;
}

function isCorrectable(word: string): boolean {
  return word !== "" && word.length <= WORD_LENGTH_MAX && !word.startsWith(SYMBOL_WORD_MARK);
}

function hashAll(words: readonly string[]): HashEntries {
  let hashes = new Uint32Array(1 << 12);
  let wordIndexes = new Uint32Array(1 << 12);
  let count = 0;
  for (const [index, word] of words.entries()) {
    // Two errors are forgiven from six letters on, so less than four letters are one error away at most.
    for (const hash of deletionHashes(word, word.length < 4 ? 1 : 2)) {
      if (count === hashes.length) {
        hashes = grown(hashes);
        wordIndexes = grown(wordIndexes);
      }
      hashes[count] = hash;
      wordIndexes[count] = index;
      count += 1;
    }
  }
  return { count, hashes, wordIndexes };
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Hashes of the word's beginning with up to `deletionsMax` letters left out, each once. */
function deletionHashes(word: string, deletionsMax: number): Set<number> {
  const length = Math.min(word.length, BEGINNING_LENGTH);
  const hashes = new Set([hashWithout(word, length, -1, -1)]);
  if (deletionsMax < 1) return hashes;
  for (let first = 0; first < length; first += 1) {
    hashes.add(hashWithout(word, length, first, -1));
    if (deletionsMax < 2) continue;
    for (let second = first + 1; second < length; second += 1) {
      hashes.add(hashWithout(word, length, first, second));
    }
  }
  return hashes;
}

/** FNV-1a over the first `length` units but two, with a final mix, for its low bits are weak. */
function hashWithout(word: string, length: number, first: number, second: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at += 1) {
    if (at === first || at === second) continue;
    hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
