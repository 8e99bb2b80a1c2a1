/** Brokers on this machine, ready to be started: found or set up, formatted, with ports. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@segue/errors";
import { bringBrokerJars, brokerJarsFolder, hasBrokerJars, KAFKA_VERSION } from "./broker-jars.ts";
import { type BrokerNode, renderBrokerProperties } from "./broker-properties.ts";
import { type Found, findService } from "./find-service.ts";
import { chooseFreePort } from "./free-port.ts";
import { isBrokerReady } from "./is-broker-ready.ts";
import { findProgram, findPrograms, type Machine, thisMachine } from "./machine.ts";
import { containerName, programCall, type Toolbox } from "./program-call.ts";
import { lastLines, runCommand } from "./run-command.ts";
import type { ServiceLaunch, StepListener } from "./service-launch.ts";
import { inFolder, keepFile } from "./state-folder.ts";

export interface KafkaPlanOptions {
  /** Holds a folder per broker; one of an earlier run is used again, with its records. */
  readonly folder: string;
  /** Default 3. The same for a folder as long as it lives. */
  readonly brokers?: number;
  /** One a broker; absent: free ones, which stay the same for a folder while they are free. */
  readonly ports?: readonly number[];
  readonly onStep?: StepListener;
  readonly machine?: Machine;
}

export interface KafkaPlan {
  readonly launches: readonly ServiceLaunch[];
  /** "127.0.0.1:20011", one a broker. */
  readonly brokers: readonly string[];
}

const IMAGE = `apache/kafka:${KAFKA_VERSION}`;
const IMAGE_JARS = "/opt/kafka/libs";
const JAVA_VERSION_MIN = 17;

const LOGGING = `Configuration:
  Appenders:
    Console: {name: STDOUT, PatternLayout: {pattern: "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX} %p %m (%c)%n"}}
  Loggers:
    Root: {level: WARN, AppenderRef: {ref: STDOUT}}
`;

/** Throws SERVICE_MISSING when Kafka cannot be found or set up, SERVICE_FAILED when the folder cannot be used. */
export async function planKafka(options: KafkaPlanOptions): Promise<KafkaPlan> {
  return inFolder(options.folder, () => plan(options));
}

async function plan(options: KafkaPlanOptions): Promise<KafkaPlan> {
  const { folder, onStep = () => undefined, machine = thisMachine() } = options;
  const toolbox = await findKafka(machine, folder, onStep);
  const nodes = await placeNodes(options);
  const clusterId = await clusterIdOf(folder, nodes.length);
  await writeFile(join(folder, "log4j2.yaml"), LOGGING);
  for (const node of nodes) {
    const { properties, data } = filesOf(folder, node);
    await mkdir(data, { recursive: true });
    await writeFile(properties, renderBrokerProperties(node, nodes, data));
  }
  await formatNodes(toolbox, folder, nodes, clusterId, onStep);
  return {
    launches: nodes.map((node) => brokerLaunch(toolbox, folder, node, clusterId)),
    brokers: nodes.map(({ port }) => `127.0.0.1:${port}`),
  };
}

/** How `java` is called with the broker's classes. */
interface KafkaToolbox {
  readonly toolbox: Toolbox;
  readonly jars: string;
}

async function findKafka(
  machine: Machine,
  folder: string,
  onStep: StepListener,
): Promise<KafkaToolbox> {
  const found = await findService(
    {
      title: "Kafka",
      givenInstead: "set SEGUE_KAFKA_BROKERS to the addresses of a running one",
      image: IMAGE,
      packages: [
        ["openjdk-17-jre-headless", "maven"],
        ["default-jre-headless", "maven"],
      ],
      findPrograms: findKafkaPrograms,
    },
    machine,
    onStep,
  );
  if (found.way === "container") {
    return {
      toolbox: { way: "container", docker: found.docker, image: found.image, folder },
      jars: IMAGE_JARS,
    };
  }
  const { java, maven } = found.programs;
  if (maven !== undefined) await bringBrokerJars(machine, maven, onStep);
  return { toolbox: { way: "programs", paths: { java } }, jars: brokerJarsFolder(machine) };
}

/** Maven is needed only as long as the jars are not there. */
interface KafkaPrograms {
  readonly java: string;
  readonly maven: string | undefined;
}

async function findKafkaPrograms(machine: Machine): Promise<Found<KafkaPrograms>> {
  const java = await findJava(machine);
  const maven = (await hasBrokerJars(machine)) ? "not needed" : findProgram(machine, "mvn");
  if (java !== undefined && maven !== undefined) {
    return { programs: { java, maven: maven === "not needed" ? undefined : maven } };
  }
  return {
    missing: [
      ...(java === undefined ? [`java ${JAVA_VERSION_MIN} or later`] : []),
      ...(maven === undefined ? ["mvn"] : []),
    ],
  };
}

/** The first that is new enough: an old one may come before it. */
async function findJava(machine: Machine): Promise<string | undefined> {
  for (const java of findPrograms(machine, "java")) {
    const { output } = await runCommand(java, ["-version"]);
    if (Number(/version "(\d+)/.exec(output)?.[1]) >= JAVA_VERSION_MIN) return java;
  }
  return undefined;
}

async function placeNodes({ folder, brokers = 3, ports }: KafkaPlanOptions): Promise<BrokerNode[]> {
  const nodes: BrokerNode[] = [];
  for (let id = 1; id <= brokers; id += 1) {
    const port = ports?.[id - 1] ?? (await chooseFreePort(`${folder} broker ${id}`));
    const controllerPort = await chooseFreePort(`${folder} controller ${id}`);
    nodes.push({ id, port, controllerPort });
  }
  return nodes;
}

function filesOf(folder: string, { id }: BrokerNode): { properties: string; data: string } {
  const own = join(folder, `broker-${id}`);
  return { properties: join(own, "server.properties"), data: join(own, "data") };
}

/** Fixed for the life of the folder; brokers refuse data of another cluster. */
interface ClusterFacts {
  readonly clusterId: string;
  readonly brokers: number;
}

/** Throws SERVICE_FAILED when the folder was made for another number of brokers. */
async function clusterIdOf(folder: string, brokers: number): Promise<string> {
  const file = join(folder, "cluster.json");
  const fresh: ClusterFacts = { clusterId: randomBytes(16).toString("base64url"), brokers };
  const facts = JSON.parse(await keepFile(file, JSON.stringify(fresh))) as ClusterFacts;
  if (facts.brokers === brokers) return facts.clusterId;
  throw new AppError(
    "SERVICE_FAILED",
    `${folder} holds a Kafka of ${facts.brokers} brokers, which cannot become ${brokers}; ` +
      "start as many as before, or use another folder.",
  );
}

/** A broker that has been formatted is left as it is. */
async function formatNodes(
  kafka: KafkaToolbox,
  folder: string,
  nodes: readonly BrokerNode[],
  clusterId: string,
  onStep: StepListener,
): Promise<void> {
  const isNew = await Promise.all(nodes.map((node) => isUnformatted(folder, node)));
  const fresh = nodes.filter((_, index) => isNew[index]);
  if (fresh.length === 0) return;
  onStep(`Formatting ${fresh.length} broker${fresh.length === 1 ? "" : "s"}`);
  await Promise.all(fresh.map((node) => format(kafka, folder, node, clusterId)));
}

async function isUnformatted(folder: string, node: BrokerNode): Promise<boolean> {
  try {
    await readFile(join(filesOf(folder, node).data, "meta.properties"));
    return false;
  } catch {
    return true;
  }
}

async function format(
  kafka: KafkaToolbox,
  folder: string,
  node: BrokerNode,
  clusterId: string,
): Promise<void> {
  const { properties } = filesOf(folder, node);
  const { command, args } = programCall(kafka.toolbox, {
    program: "java",
    args: [
      ...javaArgs(kafka, folder, ["-Xmx128m"]),
      "kafka.tools.StorageTool",
      "format",
      // One word, as an id may begin with a dash.
      `--cluster-id=${clusterId}`,
      "--config",
      properties,
      "--ignore-formatted",
    ],
  });
  const { code, output } = await runCommand(command, args);
  if (code === 0) return;
  throw new AppError(
    "SERVICE_FAILED",
    `The folder of broker-${node.id} could not be formatted; check the disk and the permissions ` +
      `of ${folder}. Kafka said:\n${lastLines(output)}`,
  );
}

function brokerLaunch(
  kafka: KafkaToolbox,
  folder: string,
  node: BrokerNode,
  clusterId: string,
): ServiceLaunch {
  const { properties, data } = filesOf(folder, node);
  const name = `broker-${node.id}`;
  const heap = ["-Xms128m", "-Xmx320m"];
  return {
    name,
    role: "broker",
    ...programCall(kafka.toolbox, {
      program: "java",
      args: [...javaArgs(kafka, folder, heap), "kafka.Kafka", properties],
      name: containerName(folder, name),
    }),
    folder: data,
    port: node.port,
    isReady: () => isBrokerReady({ port: node.port, nodeId: node.id, clusterId }),
  };
}

/** The quick compiler alone and the simple collector: three brokers share a machine with the rest. */
function javaArgs({ jars }: KafkaToolbox, folder: string, heap: readonly string[]): string[] {
  return [
    ...heap,
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    // One that limps on answers nobody; one that is dead is replaced.
    "-XX:+ExitOnOutOfMemoryError",
    `-Dlog4j2.configurationFile=${join(folder, "log4j2.yaml")}`,
    "-cp",
    `${jars}/*`,
  ];
}
