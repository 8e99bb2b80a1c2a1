const CONTROL = /\p{Cc}/gu;
const CONTROL_IN_LINES = /[^\P{Cc}\n]/gu;
const SHOWN_INSTEAD = "\ufffd";

/**
 * Text of others, such as a name in a file, without what would command a terminal or break a line: a
 * sign stands for each control character.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, SHOWN_INSTEAD);
}

/** The same for text of several lines. */
export function printableLines(text: string): string {
  return text.replace(CONTROL_IN_LINES, SHOWN_INSTEAD);
}
