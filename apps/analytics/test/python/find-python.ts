/** A Python with grpcio: the machine's, or one of our own that is set up where a registry answers. */
import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const OWN_FOLDER = join(homedir(), ".cache", "segue", "python-grpcio");
const OWN_PYTHON = join(OWN_FOLDER, "bin", "python3");
const SETUP_TIMEOUT_MS = 40_000;

/** Why there is none, in words. */
export interface NoPython {
  readonly reason: string;
}

export async function findPython(): Promise<{ readonly python: string } | NoPython> {
  for (const python of ["python3", OWN_PYTHON]) {
    if (await hasGrpcio(python)) return { python };
  }
  try {
    await rm(OWN_FOLDER, { recursive: true, force: true });
    await mkdir(OWN_FOLDER, { recursive: true });
    const options = { timeout: SETUP_TIMEOUT_MS };
    await run("python3", ["-m", "venv", OWN_FOLDER], options);
    const install = ["-m", "pip", "install", "--quiet", "--retries", "0", "grpcio", "grpcio-tools"];
    await run(OWN_PYTHON, install, options);
  } catch (error) {
    return {
      reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error),
    };
  }
  return (await hasGrpcio(OWN_PYTHON))
    ? { python: OWN_PYTHON }
    : { reason: "grpcio was installed but cannot be imported" };
}

async function hasGrpcio(python: string): Promise<boolean> {
  try {
    await run(python, ["-c", "import grpc, grpc_tools.protoc"]);
    return true;
  } catch {
    return false;
  }
}
