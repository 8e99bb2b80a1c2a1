import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Readers see what was there before or all of this, never a part, also when this process is killed.
 * @param mode permissions of the file; absent: as the user's mask has them
 */
export function writeAtomically(file: string, text: string, mode?: number): void {
  const draft = `${file}.${process.pid}.part`;
  try {
    writeFileSync(draft, text, mode === undefined ? {} : { mode });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
