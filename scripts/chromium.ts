/**
 * Finds the browser of the end-to-end tests, or installs Debian's: an address given in the
 * environment, a program on the machine, `apt-get` as root; otherwise an error that names the ways.
 */
import { type ExecFileSyncOptions, execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of a Chromium; installs one where that is possible. */
export function findChromium(): string {
  const given = process.env["SEGUE_CHROMIUM"];
  if (given !== undefined) {
    if (existsSync(given)) return given;
    throw new Error(`SEGUE_CHROMIUM names ${given}, which does not exist; correct it or unset it.`);
  }
  const found = chromiumOnPath();
  if (found !== undefined) return found;
  installWithApt();
  const installed = chromiumOnPath();
  if (installed !== undefined) return installed;
  throw new Error(
    "The end-to-end tests need Chromium. Set SEGUE_CHROMIUM to one, install the package chromium, or run as root on Debian or Ubuntu so that it can be installed.",
  );
}

function chromiumOnPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const folder of folders) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

/** Refreshes the package lists first: they may be missing or older than the archive. */
function installWithApt(): void {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return;
  console.log("Installing Chromium and fonts for the end-to-end tests ...");
  const options: ExecFileSyncOptions = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  const install = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"];
  execFileSync("apt-get", ["update", "-qq"], options);
  execFileSync("apt-get", install, options);
}
