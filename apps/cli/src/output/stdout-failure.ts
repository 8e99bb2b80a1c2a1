import { AppError } from "@segue/errors";
import { exitCodeFor, printError } from "./exit.ts";

/**
 * Fails the command when its output cannot be written, as on a full disk. A reader that has enough and
 * goes, as `head` does, is no failure.
 */
export function failWithStdout(isJson: boolean, stdout: NodeJS.WriteStream = process.stdout): void {
  let hasFailed = false;
  stdout.on("error", (cause: NodeJS.ErrnoException) => {
    if (cause.code === "EPIPE" || hasFailed) return;
    hasFailed = true;
    const error = new AppError(
      "CONFIG_INVALID",
      `The output cannot be written: ${cause.message}. Make room for it, or send it elsewhere.`,
      { cause },
    );
    printError(error, isJson);
    process.exitCode = exitCodeFor(error);
  });
}
