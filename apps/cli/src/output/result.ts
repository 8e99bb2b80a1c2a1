/** A command's result: text for people on stdout, or one JSON document with `--json`. */
import type { Command } from "commander";

export function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

export function printResult(command: Command, result: unknown, text: string): void {
  console.log(isJson(command) ? JSON.stringify(result, null, 2) : text);
}
