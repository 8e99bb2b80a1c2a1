/** A MariaDB server on this machine, ready to be started: found or set up, with port and password. */
import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@segue/errors";
import { type Found, findService } from "./find-service.ts";
import { chooseFreePort } from "./free-port.ts";
import { findProgram, type Machine, thisMachine } from "./machine.ts";
import { probePort } from "./probe-port.ts";
import { containerName, programCall, type Toolbox } from "./program-call.ts";
import { runCommand } from "./run-command.ts";
import type { ServiceLaunch, StepListener } from "./service-launch.ts";
import { inFolder, keepFile } from "./state-folder.ts";

export interface DatabasePlanOptions {
  /** Holds data and password; one of an earlier run is used again. */
  readonly folder: string;
  /** Absent: a free one, which stays the same for a folder while it is free. */
  readonly port?: number;
  readonly onStep?: StepListener;
  readonly machine?: Machine;
}

export interface DatabasePlan {
  readonly launch: ServiceLaunch;
  /** Carries the password. User and database are there as soon as the server is ready. */
  readonly url: string;
}

const IMAGE = "mariadb:10.11";
const PROGRAMS = ["mariadbd", "mariadb-install-db"] as const;

/** Throws SERVICE_MISSING when MariaDB cannot be found or set up, SERVICE_FAILED when the folder cannot be used. */
export async function planDatabase(options: DatabasePlanOptions): Promise<DatabasePlan> {
  return inFolder(options.folder, () => plan(options));
}

async function plan(options: DatabasePlanOptions): Promise<DatabasePlan> {
  const { folder, onStep = () => undefined, machine = thisMachine() } = options;
  const toolbox = await findMariadb(machine, folder, onStep);
  await mkdir(temporaryFolder(folder), { recursive: true });
  await createData(toolbox, folder, onStep);
  const password = await keepFile(join(folder, "password"), randomBytes(18).toString("base64url"));
  await writeFile(join(folder, "start.sql"), startSql(password), { mode: 0o600 });
  const port = options.port ?? (await chooseFreePort(`${folder} database`));
  return {
    launch: databaseLaunch(toolbox, folder, port),
    url: `mysql://segue:${password}@127.0.0.1:${port}/segue`,
  };
}

async function findMariadb(
  machine: Machine,
  folder: string,
  onStep: StepListener,
): Promise<Toolbox> {
  const found = await findService(
    {
      title: "MariaDB",
      givenInstead: "set SEGUE_DATABASE_URL to a running MariaDB or MySQL",
      image: IMAGE,
      // The core packages have the programs without the distribution's service.
      packages: [["mariadb-server-core", "mariadb-client-core"], ["mariadb-server"]],
      findPrograms: findMariadbPrograms,
    },
    machine,
    onStep,
  );
  return found.way === "container"
    ? { way: "container", docker: found.docker, image: found.image, folder }
    : { way: "programs", paths: found.programs };
}

function findMariadbPrograms(machine: Machine): Promise<Found<Record<string, string>>> {
  const paths = PROGRAMS.map((name) => [name, findProgram(machine, name)] as const);
  const missing = paths.filter(([, path]) => path === undefined).map(([name]) => name);
  return Promise.resolve(
    missing.length > 0
      ? { missing }
      : { programs: Object.fromEntries(paths.map(([name, path]) => [name, path ?? name])) },
  );
}

/** Made aside and renamed: a folder `data` is a complete one. */
async function createData(toolbox: Toolbox, folder: string, onStep: StepListener): Promise<void> {
  const data = join(folder, "data");
  if (await exists(data)) return;
  onStep("Creating the database");
  const draft = join(folder, "data.new");
  await rm(draft, { recursive: true, force: true });
  const { command, args } = programCall(toolbox, {
    program: "mariadb-install-db",
    args: [
      "--no-defaults",
      `--datadir=${draft}`,
      `--tmpdir=${temporaryFolder(folder)}`,
      ...asRoot(),
      // The administrator enters over the socket in this folder alone; nobody without a password.
      "--auth-root-authentication-method=socket",
      "--skip-test-db",
    ],
  });
  const { code, output } = await runCommand(command, args);
  if (code !== 0) {
    throw new AppError(
      "SERVICE_FAILED",
      `The database could not be created in ${folder}; check its disk and permissions. ` +
        `MariaDB said:\n${output}`,
    );
  }
  await rename(draft, data);
}

/** Run by the server at every start, before it takes connections. */
function startSql(password: string): string {
  const user = "'segue'@'127.0.0.1'";
  return [
    "CREATE DATABASE IF NOT EXISTS segue CHARACTER SET utf8mb4;",
    `CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY '${password}';`,
    `ALTER USER ${user} IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${user};`,
    "",
  ].join("\n");
}

function databaseLaunch(toolbox: Toolbox, folder: string, port: number): ServiceLaunch {
  const args = [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    `--tmpdir=${temporaryFolder(folder)}`,
    ...asRoot(),
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    // Relative to the data folder: the path of a socket must be shorter than 108 bytes.
    "--socket=mariadb.sock",
    "--pid-file=mariadb.pid",
    `--init-file=${join(folder, "start.sql")}`,
    // Also keeps the server from blocking this machine for its readiness checks.
    "--skip-name-resolve",
    "--character-set-server=utf8mb4",
    "--max-allowed-packet=64M",
    "--max-connections=200",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=32M",
    "--innodb-flush-log-at-trx-commit=1",
    // Connections that only ask for readiness are not worth a line each.
    "--log-warnings=1",
  ];
  return {
    name: "database",
    role: "database",
    ...programCall(toolbox, {
      program: "mariadbd",
      args,
      name: containerName(folder, "database"),
    }),
    folder,
    port,
    isReady: () => isDatabaseReady(port),
  };
}

/** Its own: a server that starts removes the temporary tables of every other one in its folder. */
function temporaryFolder(folder: string): string {
  return join(folder, "temporary");
}

/** MariaDB refuses to run as root unless it is told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}

/** The server speaks first: a packet with the protocol's version 10, or an error. */
function isDatabaseReady(port: number): Promise<boolean> {
  const versionAt = 4;
  return probePort({
    port,
    judge: (answer) => (answer.length > versionAt ? answer[versionAt] === 10 : undefined),
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
