/** What a key does in the search, as a decision apart from the page. */

export interface ListState {
  readonly count: number;
  /** Index of the option that the keyboard is on; -1 for none. */
  readonly active: number;
  readonly isListed: boolean;
}

export type KeyAction =
  | { readonly kind: "move"; readonly to: number }
  | { readonly kind: "toggle"; readonly at: number }
  | { readonly kind: "close" };

/** Null leaves the key to the browser. Enter without a choice takes the best match. */
export function keyAction(key: string, { count, active, isListed }: ListState): KeyAction | null {
  if (key === "Escape") return { kind: "close" };
  if (count === 0) return null;
  switch (key) {
    case "ArrowDown":
      return { kind: "move", to: isListed ? (active + 1) % count : Math.max(0, active) };
    case "ArrowUp":
      return { kind: "move", to: active <= 0 ? count - 1 : active - 1 };
    case "Enter":
      return isListed ? { kind: "toggle", at: Math.max(0, active) } : null;
    default:
      return null;
  }
}
