/** A small repeatable source of numbers for drawings: the same text, the same drawing. */

export interface RandomStream {
  /** In [0, 1). */
  readonly next: () => number;
  /** In [from, to), in steps of one. */
  readonly integer: (from: number, to: number) => number;
  readonly pick: <T>(list: readonly [T, ...T[]] | readonly T[]) => T;
}

/** FNV-1a over the text, stirred by splitmix32 at each draw. */
export function createRandomStream(text: string): RandomStream {
  let state = 0x811c9dc5;
  for (const character of text) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from));
  return {
    next,
    integer,
    pick: (list) => {
      const item = list[integer(0, list.length)];
      if (item === undefined) throw new RangeError("cannot pick from an empty list");
      return item;
    },
  };
}
