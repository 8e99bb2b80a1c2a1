/** Calls a program the way it was found: on the machine or in a container. */
import { createHash } from "node:crypto";
import { containerArgs } from "./docker-engine.ts";
import type { Container } from "./service-launch.ts";

export type Toolbox =
  | {
      readonly way: "programs";
      /** By the program's name. */
      readonly paths: Readonly<Record<string, string>>;
    }
  | {
      readonly way: "container";
      readonly docker: string;
      readonly image: string;
      /** Everything that the programs read and write lies in it. */
      readonly folder: string;
    };

export interface WantedCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the container, where the program must be signalled later. */
  readonly name?: string;
}

export interface ProgramCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly container?: Container;
}

export function programCall(toolbox: Toolbox, wanted: WantedCall): ProgramCall {
  const { program, args, environment, name } = wanted;
  if (toolbox.way === "programs") {
    return {
      command: toolbox.paths[program] ?? program,
      args,
      ...(environment === undefined ? {} : { environment }),
    };
  }
  const { docker, image, folder } = toolbox;
  return {
    command: docker,
    args: containerArgs({
      image,
      program,
      args,
      folder,
      ...(environment === undefined ? {} : { environment }),
      ...(name === undefined ? {} : { name }),
    }),
    ...(name === undefined ? {} : { container: { docker, name } }),
  };
}

/** The same for a service of the same folder, so that one left behind can be found and removed. */
export function containerName(folder: string, service: string): string {
  return `segue-${createHash("sha256").update(folder).digest("hex").slice(0, 8)}-${service}`;
}
