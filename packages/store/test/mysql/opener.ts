import { openMysqlStore } from "../../src/open-store.ts";

// Opens a store, says so, and waits to be ended: what a process does that starts.
const [url = ""] = process.argv.slice(2);
process.stdout.write("opening\n");
await openMysqlStore({ url, connectionsMax: 2 });
process.stdout.write("open\n");
process.stdin.resume();
