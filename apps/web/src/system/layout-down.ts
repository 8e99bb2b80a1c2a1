/** Lanes from top to bottom, each a grid of cards, with the bars of the topics between them. */
import {
  BAR_THICKNESS,
  type Box,
  CARD_GAP,
  CARD_HEIGHT,
  CARD_WIDTH_MAX,
  GROUP_GAP,
  gapOf,
  lowestOf,
  type PlacedBar,
  type PlacedCard,
  type PlacedGap,
  type PlacedLane,
  type PlacedLine,
  SHARD_LABEL_HEIGHT,
  type TopologyLayout,
  topicsOf,
} from "./placed-topology.ts";
import type { Lane } from "./topology.ts";

const CARD_WIDTH_MIN = 150;
const BAR_ROOM = 62;
const HEADING_HEIGHT = 30;

export function layoutDown(lanes: readonly Lane[], width: number): TopologyLayout {
  const columns = Math.max(1, Math.floor((width + CARD_GAP) / (CARD_WIDTH_MIN + CARD_GAP)));
  const bars: PlacedBar[] = [];
  const lines: PlacedLine[] = [];
  let y = 0;
  const placed = lanes.map((lane, index) => {
    const topics = topicsOf(lane);
    if (index > 0) {
      const room = topics.length === 0 ? 26 : BAR_ROOM;
      lines.push({ key: lane.key, replica: "", path: `M${width / 2} ${y + 4}V${y + room - 6}` });
      const share = Math.min(168, (width - (topics.length - 1) * CARD_GAP) / topics.length);
      const left = (width - share * topics.length - CARD_GAP * (topics.length - 1)) / 2;
      for (const [place, topic] of topics.entries()) {
        const x = left + place * (share + CARD_GAP);
        const barY = y + (room - BAR_THICKNESS) / 2 - 1;
        bars.push({ topic, isUpright: false, x, y: barY, width: share, height: BAR_THICKNESS });
      }
      y += room;
    }
    const result = gridLane(lane, { y, width, columns });
    y = Math.max(lowestOf(result), y + HEADING_HEIGHT);
    return result;
  });
  return { isAcross: false, width, height: y, lanes: placed, bars, lines, returns: [] };
}

function gridLane(
  lane: Lane,
  {
    y: top,
    width,
    columns,
  }: { readonly y: number; readonly width: number; readonly columns: number },
): PlacedLane {
  const cards: PlacedCard[] = [];
  const gaps: PlacedGap[] = [];
  const shardLabels: PlacedLane["shardLabels"][number][] = [];
  let y = top + HEADING_HEIGHT;
  for (const group of lane.groups) {
    if (group.shard !== null) {
      shardLabels.push({ x: 0, y, width, height: SHARD_LABEL_HEIGHT, shard: group.shard });
      y += SHARD_LABEL_HEIGHT;
    }
    const count = Math.max(1, group.processes.length);
    const perRow = Math.min(columns, count);
    const cardWidth = Math.min(
      perRow === 1 ? CARD_WIDTH_MAX : width,
      (width - (perRow - 1) * CARD_GAP) / perRow,
    );
    const left = (width - perRow * cardWidth - (perRow - 1) * CARD_GAP) / 2;
    const boxAt = (index: number): Box => ({
      x: left + (index % perRow) * (cardWidth + CARD_GAP),
      y: y + Math.floor(index / perRow) * (CARD_HEIGHT + CARD_GAP),
      width: cardWidth,
      height: CARD_HEIGHT,
    });
    if (group.processes.length === 0) gaps.push({ ...gapOf(lane, group), ...boxAt(0) });
    cards.push(...group.processes.map((process, index) => ({ process, ...boxAt(index) })));
    y += Math.ceil(count / perRow) * (CARD_HEIGHT + CARD_GAP) - CARD_GAP + GROUP_GAP;
  }
  const heading = { x: 0, y: top, width, height: HEADING_HEIGHT };
  return { lane, heading, cards, gaps, shardLabels };
}
