/**
 * The broker's jars, brought by Maven once per machine into the cache folder. A folder appears there
 * complete or not at all, and several processes may bring it at the same time.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@segue/errors";
import { withFileLock } from "./file-lock.ts";
import type { Machine } from "./machine.ts";
import { lastLines, runCommand } from "./run-command.ts";
import type { StepListener } from "./service-launch.ts";

export const KAFKA_VERSION = "4.1.0";

/** The broker itself, and what brings its log lines to log4j: its own dependencies leave that out. */
const WANTED = [
  { group: "org.apache.kafka", artifact: "kafka_2.13", version: KAFKA_VERSION },
  { group: "org.apache.logging.log4j", artifact: "log4j-slf4j-impl", version: "2.24.3" },
];
const WANTED_JARS = WANTED.map(({ artifact, version }) => `${artifact}-${version}.jar`);

const MANIFEST = "manifest.json";

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>segue</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <dependencies>
${WANTED.map(
  ({ group, artifact, version }) => `    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${version}</version>
    </dependency>`,
).join("\n")}
  </dependencies>
</project>
`;

export function brokerJarsFolder(machine: Machine): string {
  return join(machine.cacheFolder, `kafka-${KAFKA_VERSION}`);
}

/** Whether every jar is there with the size that it had when it was brought. */
export async function hasBrokerJars(machine: Machine): Promise<boolean> {
  const folder = brokerJarsFolder(machine);
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), "utf8")) as Manifest;
    const sizes = await sizesIn(folder);
    return (
      WANTED_JARS.every((name) => name in manifest.sizes) &&
      Object.entries(manifest.sizes).every(([name, size]) => sizes[name] === size)
    );
  } catch {
    return false;
  }
}

/** Throws SERVICE_MISSING when Maven cannot bring them. */
export async function bringBrokerJars(
  machine: Machine,
  maven: string,
  onStep: StepListener,
): Promise<void> {
  await mkdir(machine.cacheFolder, { recursive: true });
  await withFileLock(`${brokerJarsFolder(machine)}.lock`, async () => {
    if (await hasBrokerJars(machine)) return;
    onStep(`Downloading Kafka ${KAFKA_VERSION} (43 MB, once)`);
    const folder = await mkdtemp(join(machine.cacheFolder, "kafka-download-"));
    try {
      await download(maven, folder);
      // What lies there was found damaged.
      await rm(brokerJarsFolder(machine), { recursive: true, force: true });
      await rename(join(folder, "jars"), brokerJarsFolder(machine));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

interface Manifest {
  /** Bytes by file name. */
  readonly sizes: Readonly<Record<string, number>>;
}

async function download(maven: string, folder: string): Promise<void> {
  const jars = join(folder, "jars");
  await mkdir(jars);
  await writeFile(join(folder, "pom.xml"), POM);
  const args = ["-B", "-f", join(folder, "pom.xml"), "dependency:copy-dependencies"];
  const { code, output } = await runCommand(maven, [...args, `-DoutputDirectory=${jars}`]);
  const sizes = await sizesIn(jars);
  if (code !== 0 || !WANTED_JARS.every((name) => name in sizes)) {
    throw new AppError(
      "SERVICE_MISSING",
      `Maven could not bring Kafka's jars; check its way to a repository, or set ` +
        `SEGUE_KAFKA_BROKERS to a running Kafka. It said:\n${lastLines(output)}`,
    );
  }
  await writeFile(join(jars, MANIFEST), JSON.stringify({ sizes } satisfies Manifest));
}

async function sizesIn(folder: string): Promise<Record<string, number>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jar"));
  const sizes = names.map(async (name) => [name, (await stat(join(folder, name))).size] as const);
  return Object.fromEntries(await Promise.all(sizes));
}
