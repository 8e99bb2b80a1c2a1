/** A heading over its lines; bold on a terminal, plain elsewhere. */
export function renderTitled(title: string, body: string): string {
  const heading = process.stdout.isTTY ? `\x1b[1m${title}\x1b[0m` : title;
  const lines = body === "" ? "none" : body;
  return `${heading}\n${lines
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n")}`;
}
