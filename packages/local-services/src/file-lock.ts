/** A lock between processes of one machine; the lock of one that died is nobody's. */
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { invariant } from "@segue/errors";
import { identityOf, isAlive, type ProcessIdentity } from "./process-identity.ts";

const POLL_MS = 200;

/**
 * Waits for the lock without an end, as its holder is alive. Two waiters that find the same dead
 * holder at once may both go on, so that what is locked must only be wasteful to do twice.
 */
export async function withFileLock<Result>(
  file: string,
  work: () => Promise<Result>,
): Promise<Result> {
  while (!(await take(file))) {
    if (await isDead(file)) await rm(file, { force: true });
    else await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Written aside and linked, so that nobody reads a lock without its holder. */
async function take(file: string): Promise<boolean> {
  const self = identityOf(process.pid);
  invariant(self !== undefined, "this process is alive");
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, JSON.stringify(self));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function isDead(file: string): Promise<boolean> {
  try {
    return !isAlive(JSON.parse(await readFile(file, "utf8")) as ProcessIdentity);
  } catch {
    return false;
  }
}
