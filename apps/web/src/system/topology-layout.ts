/**
 * Places the picture: from left to right where there is room, else from top to bottom. Between two
 * lanes stands the bar of each topic that joins them: lines run from every sender to the bar and
 * from the bar to every receiver, as no process knows the others.
 */
import { layoutAcross } from "./layout-across.ts";
import { layoutDown } from "./layout-down.ts";
import type { TopologyLayout } from "./placed-topology.ts";
import type { Lane } from "./topology.ts";

export function layoutTopology(lanes: readonly Lane[], width: number): TopologyLayout {
  return layoutAcross(lanes, width) ?? layoutDown(lanes, width);
}
