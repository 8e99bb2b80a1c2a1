/**
 * Regenerates what is generated and committed: the Protobuf code, `.env.example` and two reference
 * pages. With --check it writes nothing and fails when a file is not what it should be.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { renderConfigReference, renderEnvExample } from "../packages/config/src/index.ts";
import { renderErrorReference } from "../packages/errors/src/index.ts";

const CONTRACTS = "packages/contracts";
const GENERATED_CODE = "src/gen";

/** Path of each generated file, and what it should hold. */
function renderAll(): Map<string, string> {
  return new Map([
    ...renderContracts(),
    [".env.example", renderEnvExample()],
    ["docs/reference/config.md", renderConfigReference()],
    ["docs/reference/errors.md", renderErrorReference()],
  ]);
}

function renderContracts(): [path: string, content: string][] {
  const folder = mkdtempSync(join(tmpdir(), "segue-generate-"));
  try {
    execFileSync("buf", ["generate", "-o", folder], { cwd: CONTRACTS, stdio: "inherit" });
    return globSync(`${GENERATED_CODE}/**/*.ts`, { cwd: folder }).map((path) => [
      join(CONTRACTS, path),
      readFileSync(join(folder, path), "utf8"),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files that differ from what they should be, or should not be there at all. */
function differences(rendered: ReadonlyMap<string, string>): string[] {
  const changed = [...rendered].filter(
    ([path, content]) => !existsSync(path) || readFileSync(path, "utf8") !== content,
  );
  const leftOver = globSync(`${CONTRACTS}/${GENERATED_CODE}/**/*.ts`).filter(
    (path) => !rendered.has(path),
  );
  return [...changed.map(([path]) => path), ...leftOver];
}

const rendered = renderAll();
const different = differences(rendered);
if (process.argv.includes("--check")) {
  for (const path of different) console.error(`${path} is not what \`npm run generate\` makes`);
  process.exitCode = different.length === 0 ? 0 : 1;
} else {
  for (const path of different) {
    const content = rendered.get(path);
    if (content === undefined) {
      rmSync(path);
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    console.log(path);
  }
}
