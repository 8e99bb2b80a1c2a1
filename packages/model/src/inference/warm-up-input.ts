/** A request of the usual largest shape, run once before a worker says that it is ready. */
import { LAST_STATE_LAYER } from "../network/layer-graph.ts";
import type { StageWeights } from "../partition/stage-weights.ts";
import type { StageInput } from "./stage-run.ts";

const VARIANTS = 9;
const STEPS = 50;
const CANDIDATES = 200;

export function warmUpInput({ part, manifest }: StageWeights): StageInput {
  const { embedding, hidden } = manifest.dimensions;
  const variants = Array.from({ length: VARIANTS }, () => new Uint32Array(STEPS));
  const request = { variants, maskedRows: new Uint32Array(), candidates: CANDIDATES };
  if (part.layerFirst === 1) return request;
  const steps = part.layerFirst > LAST_STATE_LAYER ? 1 : STEPS;
  const width = part.layerFirst === 2 || part.layerFirst === 6 ? embedding : hidden;
  const data = new Float32Array(VARIANTS * steps * width);
  return { ...request, activations: { steps, width, data } };
}
