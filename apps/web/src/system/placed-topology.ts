/** The parts of a placed picture, and what both ways to place it have in common. */
import type { SeenProcess } from "./seen-process.ts";
import type { Lane, LaneGroup } from "./topology.ts";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedCard extends Box {
  readonly process: SeenProcess;
}

/** Where nobody serves. */
export interface PlacedGap extends Box {
  readonly key: string;
  readonly text: string;
}

export interface PlacedLane {
  readonly lane: Lane;
  readonly heading: Box;
  readonly cards: readonly PlacedCard[];
  readonly gaps: readonly PlacedGap[];
  readonly shardLabels: readonly (Box & { readonly shard: number })[];
}

export interface PlacedBar extends Box {
  readonly topic: string;
  readonly isUpright: boolean;
}

export interface PlacedLine {
  readonly key: string;
  readonly path: string;
  /** The process at its one end; the other is a bar. */
  readonly replica: string;
}

/** The way back of partials and replies, as a line with an arrow. */
export interface PlacedReturn {
  readonly topic: string;
  readonly path: string;
  readonly label: { readonly x: number; readonly y: number };
}

export interface TopologyLayout {
  readonly isAcross: boolean;
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly PlacedLane[];
  readonly bars: readonly PlacedBar[];
  readonly lines: readonly PlacedLine[];
  readonly returns: readonly PlacedReturn[];
}

export const CARD_HEIGHT = 104;
export const CARD_WIDTH_MAX = 232;
export const CARD_GAP = 12;
export const GROUP_GAP = 16;
export const SHARD_LABEL_HEIGHT = 22;
export const BAR_THICKNESS = 24;

/** The topics that lead into a lane; none where calls arrive by HTTP. */
export function topicsOf(lane: Lane): readonly string[] {
  return lane.groups.flatMap(({ topic }) => (topic === null ? [] : [topic]));
}

/** The place of a part that nobody serves. */
export function gapOf(lane: Lane, { shard }: LaneGroup): Pick<PlacedGap, "key" | "text"> {
  const what = shard === null ? lane.title : `${lane.title}, shard ${shard}`;
  return { key: what, text: "Nobody serves here" };
}

export interface Span {
  readonly top: number;
  readonly bottom: number;
}

export function spanOf(boxes: readonly Box[]): Span {
  return {
    top: Math.min(...boxes.map(({ y }) => y)),
    bottom: Math.max(...boxes.map(({ y, height }) => y + height)),
  };
}

/** Where the cards of a lane end. */
export function lowestOf({ cards, gaps, heading }: PlacedLane): number {
  const boxes = [...cards, ...gaps];
  return boxes.length === 0 ? heading.y + heading.height : spanOf(boxes).bottom;
}
