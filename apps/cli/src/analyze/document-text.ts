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

function* tokensOf(value: object, depth: number): Generator<string> {
  const isList = Array.isArray(value);
  const outer = "  ".repeat(depth - 1);
  let before = isList ? "[" : "{";
  for (const [name, entry] of Object.entries(value) as [string, unknown][]) {
    if (entry === undefined) continue;
    const start = `${before}\n${outer}  ${isList ? "" : `${JSON.stringify(name)}: `}`;
    before = ",";
    if (isOpened(entry, depth)) {
      yield start;
      yield* tokensOf(entry, depth + 1);
    } else {
      yield `${start}${JSON.stringify(entry)}`;
    }
  }
  yield `\n${outer}${isList ? "]" : "}"}`;
}

function isOpened(entry: unknown, depth: number): entry is object {
  if (typeof entry !== "object" || entry === null || depth >= DEPTH_OPENED) return false;
  return Object.values(entry).some((inner) => inner !== undefined);
}
