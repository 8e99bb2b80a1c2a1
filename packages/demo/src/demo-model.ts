/** The bundled model, made by `segue train --demo` on the simulated sessions; its manifest tells how. */
import { readFileSync } from "node:fs";

/** The bytes of the checkpoint file. */
export function loadDemoModel(): Uint8Array {
  return readFileSync(new URL("../model/demo.safetensors", import.meta.url));
}
