/**
 * Programs in containers, where a Docker engine answers. They share the machine's network and the
 * service's own folder under the same path, so that the same arguments and configuration serve in
 * and out of a container. Docker Desktop must have host networking enabled (4.34 and later).
 *
 * The command lines and the choice are tested with a stand-in for `docker`; no engine has run them.
 */
import { findProgram, type Machine } from "./machine.ts";
import { runCommand } from "./run-command.ts";
import type { Container } from "./service-launch.ts";

export interface ContainerCall {
  readonly image: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Mounted at its own path. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Absent: Docker gives it one; needed where it is signalled. */
  readonly name?: string;
}

const ANSWER_TIMEOUT_MS = 5000;

/** Path of Docker's client when its engine answers. */
export async function findDockerEngine(machine: Machine): Promise<string | undefined> {
  const docker = findProgram(machine, "docker");
  if (docker === undefined) return undefined;
  const { code, output } = await runCommand(
    docker,
    ["version", "--format", "{{.Server.Version}}"],
    { timeoutMs: ANSWER_TIMEOUT_MS },
  );
  return code === 0 && /^\d/.test(output) ? docker : undefined;
}

/** Undefined when the image is there, or was brought; otherwise why not. */
export async function bringImage(docker: string, image: string): Promise<string | undefined> {
  const found = await runCommand(docker, ["image", "inspect", "--format", "{{.Id}}", image]);
  if (found.code === 0) return undefined;
  const pulled = await runCommand(docker, ["pull", "--quiet", image]);
  return pulled.code === 0 ? undefined : pulled.output;
}

/** Arguments of Docker's client; files are written as the caller's own. */
export function containerArgs(call: ContainerCall): string[] {
  const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const environment = Object.entries(call.environment ?? {});
  return [
    "run",
    "--rm",
    ...(call.name === undefined ? [] : ["--name", call.name]),
    "--network",
    "host",
    "--user",
    user,
    "--volume",
    `${call.folder}:${call.folder}`,
    "--workdir",
    call.folder,
    ...environment.flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    "--entrypoint",
    call.program,
    call.image,
    ...call.args,
  ];
}

/** A container of an earlier run that was never ended would hold the name. */
export async function removeContainer(container: Container): Promise<void> {
  await runCommand(container.docker, ["rm", "--force", container.name]);
}
