/** What an input is, told by its first bytes and not by its name. */
import { open, stat } from "node:fs/promises";
import { AppError } from "@segue/errors";

export type PlayFormat = "csv" | "gzip" | "parquet";

export interface PlayFile {
  /** As it is named in messages: the path, or "stdin". */
  readonly name: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
  /** Undefined for standard input. */
  readonly format: PlayFormat | undefined;
  /** Undefined where it cannot be known before reading. */
  readonly bytesTotal: number | undefined;
}

const BEGINNING_BYTES = 4096;
const STDIN = "-";

/** Looks at every input before any is read; throws IMPORT_INVALID for one that cannot be. */
export async function inspectPlayFiles(paths: readonly string[]): Promise<PlayFile[]> {
  if (paths.filter((path) => path === STDIN).length > 1) {
    throw new AppError("REQUEST_INVALID", "Standard input can be read once; give - only once.");
  }
  return Promise.all(paths.map((path) => inspectPlayFile(path)));
}

async function inspectPlayFile(path: string): Promise<PlayFile> {
  if (path === STDIN) {
    return { name: "stdin", path: undefined, format: undefined, bytesTotal: undefined };
  }
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw invalidFile(path, "is a folder; name the files in it");
    // A pipe such as <(command) has no beginning that could be looked at twice.
    if (!facts.isFile()) return { name: path, path, format: undefined, bytesTotal: undefined };
    return { name: path, path, format: await formatOfFile(path), bytesTotal: facts.size };
  } catch (thrown) {
    throw fromReadError(thrown, path);
  }
}

async function formatOfFile(path: string): Promise<PlayFormat> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(BEGINNING_BYTES), 0);
    return formatOf(buffer.subarray(0, bytesRead), path);
  } finally {
    await handle.close();
  }
}

/** @param beginning the first bytes; throws IMPORT_INVALID when no plays can be in it */
export function formatOf(beginning: Buffer, name: string): PlayFormat {
  const start = beginning.toString("latin1", 0, 16);
  if (beginning.length === 0) throw invalidFile(name, "is empty; export it again");
  if (start.startsWith("\x1f\x8b")) return "gzip";
  if (start.startsWith("PAR1")) return "parquet";
  if (start.startsWith("PK\x03\x04")) throw invalidFile(name, "is a zip archive; unpack it first");
  if (start.startsWith("\xff\xfe") || start.startsWith("\xfe\xff")) {
    throw invalidFile(name, "is text in UTF-16; save it as CSV in UTF-8");
  }
  if (beginning.includes(0)) throw invalidFile(name, "is no CSV but binary data");
  if (/^\s*[[{<]/.test(start)) throw invalidFile(name, "is no CSV; JSON and XML are not read");
  return "csv";
}

/** What a person can act on for whatever the system says of a file; anything else as it is. */
export function fromReadError(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { code, syscall }: NodeJS.ErrnoException = thrown;
  if (code === undefined) return thrown;
  switch (code) {
    case "ENOENT":
      return invalidFile(name, "does not exist; check the name and the folder", thrown);
    case "EACCES":
      return invalidFile(name, "cannot be read by this user; change its permissions", thrown);
    case "EISDIR":
      return invalidFile(name, "is a folder; name the files in it", thrown);
    case "Z_DATA_ERROR":
    case "Z_BUF_ERROR":
      return invalidFile(name, "is damaged: its gzip data breaks off or is wrong", thrown);
    case "ENOTDIR":
      return invalidFile(name, "lies below a file, not a folder; check the name", thrown);
    case "ELOOP":
      return invalidFile(name, "is a link that leads back to itself; name the file", thrown);
    case "ENAMETOOLONG":
      return invalidFile(name, "has a longer name than a file can have; check the name", thrown);
    default:
      if (syscall === undefined) return thrown;
      return invalidFile(name, `cannot be read (${thrown.message}); check its disk`, thrown);
  }
}

export function invalidFile(name: string, problem: string, cause?: unknown): AppError {
  return new AppError("IMPORT_INVALID", `The file ${name} ${problem}.`, {
    cause,
    details: { file: name },
  });
}
