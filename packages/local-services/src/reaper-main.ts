/** The process behind `startReaper`: notes what it is told and acts when its input ends. */
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { removeContainer } from "./docker-engine.ts";
import { endProcess, type ProcessIdentity } from "./process-identity.ts";
import type { Container } from "./service-launch.ts";

export interface WatchedProgram {
  readonly identity: ProcessIdentity;
  readonly container?: Container;
}

export type ReaperMessage = { readonly program: WatchedProgram } | { readonly folder: string };

if (import.meta.main) await reap(Number(process.argv[2]));

async function reap(graceMs: number): Promise<void> {
  const programs: WatchedProgram[] = [];
  const folders: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line) as ReaperMessage;
    if ("program" in message) programs.push(message.program);
    else folders.push(message.folder);
  }
  await Promise.all(programs.map((program) => end(program, graceMs)));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

async function end({ identity, container }: WatchedProgram, graceMs: number): Promise<void> {
  if (container !== undefined) await removeContainer(container);
  await endProcess(identity, graceMs);
}
