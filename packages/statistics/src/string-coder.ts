/** Gives each distinct string a code: 0, 1, 2 ... in order of first appearance. */
export class StringCoder {
  /** The string of each code. */
  readonly dictionary: string[] = [];
  readonly #codes = new Map<string, number>();

  codeFor(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.dictionary.length;
    this.dictionary.push(text);
    this.#codes.set(text, code);
    return code;
  }
}

/**
 * The code under which each entry's string appears first, or undefined when no two entries are
 * equal. Whoever writes a dictionary may repeat a string in it.
 */
export function firstCodesOf(dictionary: readonly string[]): Uint32Array | undefined {
  const coder = new StringCoder();
  const firstCodes = new Uint32Array(dictionary.length);
  const firstCodeOfString: number[] = [];
  for (const [code, text] of dictionary.entries()) {
    const known = coder.codeFor(text);
    if (known === firstCodeOfString.length) firstCodeOfString.push(code);
    firstCodes[code] = firstCodeOfString[known] ?? code;
  }
  return coder.dictionary.length === dictionary.length ? undefined : firstCodes;
}
