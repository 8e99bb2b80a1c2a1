import { setTimeout as sleep } from "node:timers/promises";

/** Throws after ten seconds. */
export async function pollUntil(claim: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!(await claim())) {
    if (performance.now() >= giveUpAt) throw new Error(`Never became true: ${String(claim)}`);
    await sleep(20);
  }
}
