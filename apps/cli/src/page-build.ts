/**
 * Builds the page when its sources have changed since the last build: the first start after a
 * clone needs no separate build command, and later starts pay only for a hash.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AppError } from "@segue/errors";

const WEB_FOLDER = fileURLToPath(new URL("../../web/", import.meta.url));
const LOCK_FILE = fileURLToPath(new URL("../../../package-lock.json", import.meta.url));
const BUILT_FOLDER = join(WEB_FOLDER, "dist");
const STAMP_FILE = join(BUILT_FOLDER, ".sources");

/** @returns the folder of the built page */
export async function ensurePageBuilt(onBuild: () => void): Promise<string> {
  const digest = digestOfSources();
  if (existsSync(STAMP_FILE) && readFileSync(STAMP_FILE, "utf8") === digest) {
    return BUILT_FOLDER;
  }
  onBuild();
  // A stamp from before must not outlive a build that fails half way.
  rmSync(STAMP_FILE, { force: true });
  await runVite();
  writeFileSync(STAMP_FILE, digest);
  return BUILT_FOLDER;
}

/** In a process of its own: the bundler's hundreds of megabytes go with it. */
async function runVite(): Promise<void> {
  const program = fileURLToPath(new URL("bin/vite.js", import.meta.resolve("vite/package.json")));
  try {
    await promisify(execFile)(process.execPath, [program, "build", "--logLevel", "warn"], {
      cwd: WEB_FOLDER,
    });
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    throw new AppError("INTERNAL", `The page could not be built:\n${output}`, { cause: error });
  }
}

/** Covers every file that goes into the page, and the lock file for the libraries in it. */
function digestOfSources(): string {
  const hash = createHash("sha256");
  const files = [
    ...["index.html", "vite.config.ts", "package.json", "tsconfig.json"].map((name) =>
      join(WEB_FOLDER, name),
    ),
    ...filesBelow(join(WEB_FOLDER, "src")),
    ...filesBelow(join(WEB_FOLDER, "public")),
    LOCK_FILE,
  ];
  for (const file of files) {
    if (!existsSync(file)) continue;
    hash.update(file.slice(WEB_FOLDER.length)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
