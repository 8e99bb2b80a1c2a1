/** The words of all names: what a typed word may have meant, and where a space was left out. */
import { SpellingDictionary, type Suggestion, type Term } from "./spelling-dictionary.ts";

const JOINED_LENGTH_MIN = 4;
const JOINED_LENGTH_MAX = 48;
const PART_LENGTH_MAX = 16;

export class Vocabulary {
  readonly #built: SpellingDictionary;
  readonly #songCountTotal: number;
  /** Words that came after the start; a small dictionary beside the large one. */
  readonly #addedTerms: Term[] = [];
  #added: SpellingDictionary;

  constructor(terms: readonly Term[]) {
    this.#built = new SpellingDictionary(terms);
    this.#added = new SpellingDictionary([]);
    this.#songCountTotal = terms.reduce((sum, term) => sum + term.songCount, 1);
  }

  get wordCount(): number {
    return this.#built.wordCount + this.#added.wordCount;
  }

  get addedCount(): number {
    return this.#addedTerms.length;
  }

  get bytes(): number {
    return this.#built.bytes + this.#added.bytes;
  }

  add(terms: readonly Term[]): void {
    this.#addedTerms.push(...terms);
    this.#added = new SpellingDictionary(this.#addedTerms);
  }

  songCountOf(word: string): number {
    return this.#built.songCountOf(word) || this.#added.songCountOf(word);
  }

  suggest(word: string, limit: number): Suggestion[] {
    const suggestions = this.#built.suggest(word, limit);
    if (this.#added.wordCount === 0) return suggestions;
    return [...suggestions, ...this.#added.suggest(word, limit)]
      .sort((left, right) => left.errors - right.errors || right.songCount - left.songCount)
      .slice(0, limit);
  }

  /** Known words that make up `text`, separated by spaces: the likeliest split, and the likeliest in two. */
  splits(text: string): string[] {
    if (text.length < JOINED_LENGTH_MIN || text.length > JOINED_LENGTH_MAX) return [];
    const found = [this.#likeliestSplit(text), this.#likeliestHalves(text)];
    return [...new Set(found.filter((split) => split !== undefined && split !== text))] as string[];
  }

  /** Negative logarithm of the word's share of all words, or Infinity for an unknown one. */
  #surprise(word: string): number {
    const songCount = this.songCountOf(word);
    return songCount === 0 ? Number.POSITIVE_INFINITY : Math.log(this.#songCountTotal / songCount);
  }

  /** Viterbi over the places between letters, as in word segmentation. */
  #likeliestSplit(text: string): string | undefined {
    const surprises = [0];
    const splits = [""];
    for (let end = 1; end <= text.length; end += 1) {
      let best = Number.POSITIVE_INFINITY;
      let split = "";
      for (let start = Math.max(0, end - PART_LENGTH_MAX); start < end; start += 1) {
        const before = surprises[start] ?? Number.POSITIVE_INFINITY;
        if (before >= best || (start === 0 && end === text.length)) continue;
        const part = text.slice(start, end);
        const surprise = before + this.#surprise(part);
        if (surprise >= best) continue;
        best = surprise;
        split = start === 0 ? part : `${splits[start]} ${part}`;
      }
      surprises.push(best);
      splits.push(split);
    }
    return surprises[text.length] === Number.POSITIVE_INFINITY ? undefined : splits[text.length];
  }

  #likeliestHalves(text: string): string | undefined {
    let best = Number.POSITIVE_INFINITY;
    let halves: string | undefined;
    for (let middle = 1; middle < text.length; middle += 1) {
      const left = text.slice(0, middle);
      const leftSurprise = this.#surprise(left);
      if (leftSurprise >= best) continue;
      const surprise = leftSurprise + this.#surprise(text.slice(middle));
      if (surprise >= best) continue;
      best = surprise;
      halves = `${left} ${text.slice(middle)}`;
    }
    return halves;
  }
}
