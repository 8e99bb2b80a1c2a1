/** `npm run bench -- NAME [arguments]` runs bench/NAME.ts; without a name it lists them. */
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [name, ...args] = process.argv.slice(2);
const known = readdirSync("bench")
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.slice(0, -".bench.ts".length));

if (name === undefined || !known.includes(name)) {
  console.error(`Say which benchmark to run: npm run bench -- ${known.join(" | ")}`);
  process.exit(2);
}

const benchmark = (await import(pathToFileURL(`bench/${name}.bench.ts`).href)) as {
  run(args: readonly string[]): Promise<void>;
};
await benchmark.run(args);
