import { openMysqlStore, openStore } from "../src/open-store.ts";
import { acceptOperations, consumeOperations } from "./listening-crash-samples.ts";

// Accepts, stores and counts plays without end until it is killed, and says on standard output what
// is accepted for good, and between which lines plays are being counted.
const [address = "", firstOperation, seed] = process.argv.slice(2);
const isServer = address.startsWith("mysql:");
const store = await (isServer ? openMysqlStore({ url: address }) : openStore({ path: address }));

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function accept(): Promise<void> {
  for (let index = Number(firstOperation); ; index += 1) {
    await acceptOperations(store, Number(seed), [index]);
    say(`accepted ${index}`);
  }
}

async function consume(): Promise<void> {
  for (;;) await consumeOperations(store);
}

async function count(): Promise<void> {
  for (;;) {
    say("counting");
    await store.listening.settle();
    say("counted");
  }
}

await Promise.all([accept(), consume(), count()]);
