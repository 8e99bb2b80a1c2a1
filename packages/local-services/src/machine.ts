/** What the search for services asks of the machine that it runs on. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

export interface Machine {
  /** Where programs are looked for, in this order. */
  readonly programFolders: readonly string[];
  /** Downloads are kept here and used again; outside of any work tree. */
  readonly cacheFolder: string;
  /** Whether packages may be installed. */
  readonly isRoot: boolean;
}

/** Servers lie in these folders, which are not on the PATH of Debian's ordinary users. */
const SERVER_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** PATH and XDG_CACHE_HOME belong to the machine; they are no settings of Segue. */
type Environment = Readonly<Record<string, string | undefined>>;

export function thisMachine(
  // biome-ignore lint/style/noProcessEnv: what is read here are not settings, see above.
  environment: Environment = process.env,
): Machine {
  const onPath = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const cache = environment["XDG_CACHE_HOME"] ?? "";
  return {
    programFolders: [...onPath, ...SERVER_FOLDERS],
    cacheFolder: join(cache.startsWith("/") ? cache : join(homedir(), ".cache"), "segue"),
    isRoot: process.getuid?.() === 0,
  };
}

/** Path of the program; undefined when it is in none of the machine's folders. */
export function findProgram(machine: Machine, name: string): string | undefined {
  return findPrograms(machine, name)[0];
}

/** Every program of that name, in the order in which a shell would find them. */
export function findPrograms(machine: Machine, name: string): readonly string[] {
  return machine.programFolders
    .map((folder) => join(folder, name))
    .filter((path) => existsSync(path));
}
