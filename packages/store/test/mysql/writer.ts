import { setTimeout } from "node:timers/promises";
import { toAppError } from "@segue/errors";
import { openMysqlStore } from "../../src/open-store.ts";
import { play } from "../samples.ts";

// Appends plays until it has done all or is ended, and says on standard output what is stored for
// good: "key outcome". Failures that it repeats are told as "failed code reason".
const [url = "", song = "", first = "0", step = "1", count = "0"] = process.argv.slice(2);
const WRITERS = 8;
const RETRY_MS = 50;
const store = await openMysqlStore({ url });
let next = 0;

async function append(): Promise<void> {
  while (next < Number(count)) {
    const key = String(Number(first) + next * Number(step));
    next += 1;
    const outcome = await appendUntilStored(key);
    process.stdout.write(`${key} ${outcome}\n`);
  }
}

async function appendUntilStored(key: string): Promise<string> {
  for (;;) {
    try {
      const [outcome = "none"] = await store.plays.appendPlays([play(key, { songId: song })]);
      return outcome;
    } catch (thrown) {
      const error = toAppError(thrown);
      process.stdout.write(`failed ${error.code} ${String(error.details["reason"])}\n`);
      if (!error.isRetryable) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

await Promise.all(Array.from({ length: WRITERS }, append));
await store.close();
