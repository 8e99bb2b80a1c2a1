import { closeSync, copyFileSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Readers see what was there before or all of this, never a part, also when this process is killed.
 * @param text in one string, or in pieces
 * @param mode permissions of the file; absent: as the user's mask has them
 */
export function writeAtomically(
  file: string,
  text: string | Iterable<string>,
  mode?: number,
): void {
  replaceAtomically(file, (draft) => {
    const descriptor = openSync(draft, "w", mode);
    try {
      for (const piece of typeof text === "string" ? [text] : text)
        writeFileSync(descriptor, piece);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** The same with what another file holds. */
export function copyAtomically(source: string, file: string): void {
  replaceAtomically(file, (draft) => copyFileSync(source, draft));
}

function replaceAtomically(file: string, write: (draft: string) => void): void {
  const draft = `${file}.${process.pid}.part`;
  try {
    write(draft);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
