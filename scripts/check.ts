/** Everything that is checked before the tests run: `npm run check`. All checks run, then it fails. */
import { spawnSync } from "node:child_process";

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: "format and syntax", command: "biome", args: ["ci", "--colors=off", "."] },
  { name: "types, node", command: "tsc", args: ["-p", "."] },
  { name: "types, page", command: "tsc", args: ["-p", "apps/web"] },
  { name: "typed rules", command: "eslint", args: ["."] },
  {
    name: "dependency rules",
    command: "depcruise",
    args: ["packages", "apps", "bench", "test", "--config", ".dependency-cruiser.cjs"],
  },
  { name: "protobuf rules", command: "buf", args: ["lint", "packages/contracts"] },
  { name: "generated files", command: "node", args: ["scripts/generate.ts", "--check"] },
];

const failed: string[] = [];
for (const check of CHECKS) {
  const startedAt = performance.now();
  const result = spawnSync(check.command, check.args, { encoding: "utf8" });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const isFine = result.status === 0;
  console.log(`${isFine ? "ok  " : "FAIL"} ${check.name} (${seconds} s)`);
  if (isFine) continue;
  failed.push(check.name);
  console.log(result.error?.message ?? `${result.stdout}${result.stderr}`);
}
if (failed.length > 0) {
  console.log(`${failed.length} of ${CHECKS.length} checks failed: ${failed.join(", ")}`);
  process.exit(1);
}
