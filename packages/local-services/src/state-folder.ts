/** The folder in which a service keeps what must outlive it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { AppError } from "@segue/errors";

/**
 * Makes the folder and does the work in it. What the file system refuses, such as a full disk or a
 * missing permission, is thrown as SERVICE_FAILED.
 */
export async function inFolder<Result>(
  folder: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    await mkdir(folder, { recursive: true });
    return await work();
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new AppError(
      "SERVICE_FAILED",
      `What the service in ${folder} needs cannot be written (${error.message}); ` +
        "check its disk and permissions, or use another data folder.",
      { cause: error },
    );
  }
}

/** What the file holds; it is written, by default for its owner alone, when it is not there yet. */
export async function keepFile(file: string, text: string, mode = 0o600): Promise<string> {
  try {
    await writeFile(file, text, { flag: "wx", mode });
    return text;
  } catch (error) {
    if (!isFileSystemError(error) || error.code !== "EEXIST") throw error;
    return (await readFile(file, "utf8")).trim();
  }
}

function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "path" in error;
}
