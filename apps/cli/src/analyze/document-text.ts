/** Objects and lists are opened to this depth; what lies in them takes a line each. */
const DEPTH_OPENED = 3;
const PIECE_CHARACTERS = 64 * 1024;

/**
 * JSON with a line for each user, in pieces: of a million users it is longer than one string may be.
 */
export function* documentText(document: object): Generator<string> {
  let piece = "";
  for (const token of tokensOf(document, 1)) {
    piece += token;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}\n`;
}

function* tokensOf(value: unknown, depth: number): Generator<string> {
  if (typeof value !== "object" || value === null || depth > DEPTH_OPENED) {
    yield JSON.stringify(value);
    return;
  }
  const isList = Array.isArray(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) {
    yield isList ? "[]" : "{}";
    return;
  }
  const indent = "  ".repeat(depth);
  let before = isList ? "[" : "{";
  for (const [name, entry] of entries) {
    yield `${before}\n${indent}${isList ? "" : `${JSON.stringify(name)}: `}`;
    yield* tokensOf(entry, depth + 1);
    before = ",";
  }
  yield `\n${"  ".repeat(depth - 1)}${isList ? "]" : "}"}`;
}
