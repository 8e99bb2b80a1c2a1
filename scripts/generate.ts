/** Regenerates what is generated and committed; `npm run check` fails when this leaves a diff. */
import { execFileSync } from "node:child_process";

const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, stdio: "inherit" });

run("buf", ["generate"], "packages/contracts");
