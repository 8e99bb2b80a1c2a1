/** A node in a process of its own, for tests that kill it: prints its address and serves until then. */
import { createAnalytics } from "../src/app.ts";

const { addresses } = await createAnalytics({
  logger: { info: () => {}, warn: () => {}, error: () => {} },
  metrics: { observeCall: () => {} },
  options: {
    host: "127.0.0.1",
    ports: [0],
    messageBytesMax: 64 * 1024 * 1024,
    threads: 0,
    nodes: [],
  },
});
process.stdout.write(`${addresses[0]}\n`);
