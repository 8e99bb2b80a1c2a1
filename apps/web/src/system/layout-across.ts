/**
 * Lanes from left to right, each a stack of cards around the middle; the bars of the topics stand
 * upright between them, and beneath runs the way back.
 */
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
  type PlacedReturn,
  SHARD_LABEL_HEIGHT,
  spanOf,
  type TopologyLayout,
  topicsOf,
} from "./placed-topology.ts";
import type { Lane, LaneGroup } from "./topology.ts";

const CARD_WIDTH_MIN = 124;
const HEADING_HEIGHT = 48;
/** Between two lanes that a topic joins, and between two that are joined by HTTP. */
const BAR_ROOM = 56;
const HTTP_ROOM = 32;
const BAR_LENGTH_MIN = 118;
const RETURN_HEIGHT = 72;

/** Null where the cards would become too narrow to read. */
export function layoutAcross(lanes: readonly Lane[], width: number): TopologyLayout | null {
  const rooms = lanes.slice(1).map((lane) => (topicsOf(lane).length === 0 ? HTTP_ROOM : BAR_ROOM));
  const free = width - rooms.reduce((sum, room) => sum + room, 0);
  const cardWidth = Math.min(CARD_WIDTH_MAX, Math.floor(free / lanes.length));
  return cardWidth < CARD_WIDTH_MIN ? null : placeLanes(lanes, width, cardWidth, rooms);
}

function placeLanes(
  lanes: readonly Lane[],
  width: number,
  cardWidth: number,
  rooms: readonly number[],
): TopologyLayout {
  const bodyHeight = Math.max(BAR_LENGTH_MIN, ...lanes.map(stackHeight));
  const used = cardWidth * lanes.length + rooms.reduce((sum, room) => sum + room, 0);
  let x = (width - used) / 2;
  const placed = lanes.map((lane, index) => {
    const result = stackLane(lane, { x, width: cardWidth }, bodyHeight);
    x += cardWidth + (rooms[index] ?? 0);
    return result;
  });
  const bottom = HEADING_HEIGHT + bodyHeight;
  const bars = placed.flatMap((lane, index) => uprightBars(lane, placed[index - 1]));
  return {
    isAcross: true,
    width,
    height: bottom + RETURN_HEIGHT,
    lanes: placed,
    bars,
    lines: placed.flatMap((lane, index) => linesInto(lane, placed[index - 1], bars)),
    returns: returnsAcross(placed, bottom),
  };
}

function groupHeight({ processes, shard }: LaneGroup): number {
  const count = Math.max(1, processes.length);
  const label = shard === null ? 0 : SHARD_LABEL_HEIGHT;
  return label + count * CARD_HEIGHT + (count - 1) * CARD_GAP;
}

function stackHeight({ groups }: Lane): number {
  const sum = groups.reduce((total, group) => total + groupHeight(group), 0);
  return sum + (groups.length - 1) * GROUP_GAP;
}

/** One card beneath the other, around the middle. */
function stackLane(
  lane: Lane,
  { x, width }: { readonly x: number; readonly width: number },
  bodyHeight: number,
): PlacedLane {
  const cards: PlacedCard[] = [];
  const gaps: PlacedGap[] = [];
  const shardLabels: PlacedLane["shardLabels"][number][] = [];
  let y = HEADING_HEIGHT + (bodyHeight - stackHeight(lane)) / 2;
  for (const group of lane.groups) {
    if (group.shard !== null) {
      shardLabels.push({ x, y, width, height: SHARD_LABEL_HEIGHT, shard: group.shard });
      y += SHARD_LABEL_HEIGHT;
    }
    if (group.processes.length === 0) {
      gaps.push({ ...gapOf(lane, group), x, y, width, height: CARD_HEIGHT });
      y += CARD_HEIGHT + CARD_GAP;
    }
    for (const process of group.processes) {
      cards.push({ process, x, y, width, height: CARD_HEIGHT });
      y += CARD_HEIGHT + CARD_GAP;
    }
    y += GROUP_GAP - CARD_GAP;
  }
  return { lane, heading: { x, y: 0, width, height: HEADING_HEIGHT }, cards, gaps, shardLabels };
}

/** The cards and gaps of one group of a placed lane. */
function boxesOf(placed: PlacedLane, group: LaneGroup): readonly Box[] {
  const cards = placed.cards.filter(({ process }) => group.processes.includes(process));
  return cards.length > 0
    ? cards
    : placed.gaps.filter(({ key }) => key === gapOf(placed.lane, group).key);
}

function uprightBars(placed: PlacedLane, before: PlacedLane | undefined): readonly PlacedBar[] {
  if (before === undefined) return [];
  const x = placed.heading.x - BAR_ROOM / 2 - BAR_THICKNESS / 2;
  const senders = [...before.cards, ...before.gaps];
  return placed.lane.groups.flatMap((group): PlacedBar[] => {
    if (group.topic === null) return [];
    const own = boxesOf(placed, group);
    // One topic reaches as far as both its sides, so that all lines are straight.
    const span = spanOf(placed.lane.groups.length === 1 ? [...own, ...senders] : own);
    const length = Math.max(BAR_LENGTH_MIN, span.bottom - span.top);
    const y = (span.top + span.bottom - length) / 2;
    return [{ topic: group.topic, isUpright: true, x, y, width: BAR_THICKNESS, height: length }];
  });
}

function linesInto(
  placed: PlacedLane,
  before: PlacedLane | undefined,
  bars: readonly PlacedBar[],
): readonly PlacedLine[] {
  if (before === undefined) return [];
  const topics = topicsOf(placed.lane);
  if (topics.length === 0) return httpLines(placed, before);
  return placed.lane.groups.flatMap((group) => {
    const bar = bars.find(({ topic }) => topic === group.topic);
    if (bar === undefined) return [];
    const into = before.cards.map((card) => ({
      key: `${card.process.replica} ${bar.topic}`,
      replica: card.process.replica,
      path: curve(card.x + card.width, middleOf(card), bar.x, within(bar, middleOf(card))),
    }));
    const outOf = placed.cards
      .filter(({ process }) => group.processes.includes(process))
      .map((card) => ({
        key: `${bar.topic} ${card.process.replica}`,
        replica: card.process.replica,
        path: curve(bar.x + bar.width, within(bar, middleOf(card)), card.x, middleOf(card)),
      }));
    return [...into, ...outOf];
  });
}

function httpLines(placed: PlacedLane, before: PlacedLane): readonly PlacedLine[] {
  return before.cards.flatMap((from) =>
    placed.cards.map((to) => ({
      key: `${from.process.replica} ${to.process.replica}`,
      replica: to.process.replica,
      path: curve(from.x + from.width, middleOf(from), to.x, middleOf(to)),
    })),
  );
}

function middleOf({ y, height }: Box): number {
  return y + height / 2;
}

function within({ y, height }: Box, wanted: number): number {
  return Math.min(y + height - 14, Math.max(y + 14, wanted));
}

function curve(fromX: number, fromY: number, toX: number, toY: number): string {
  if (Math.abs(fromY - toY) < 0.5) return `M${fromX} ${fromY}H${toX}`;
  const middleX = (fromX + toX) / 2;
  return `M${fromX} ${fromY}C${middleX} ${fromY} ${middleX} ${toY} ${toX} ${toY}`;
}

/** Partials go back to the dispatchers, replies to the API. */
function returnsAcross(placed: readonly PlacedLane[], bottom: number): readonly PlacedReturn[] {
  const laneOf = (key: string) => placed.find(({ lane }) => lane.key === key);
  const [api, dispatcher, last] = [laneOf("api"), laneOf("dispatcher"), placed.at(-1)];
  if (api === undefined || dispatcher === undefined || last === undefined) return [];
  const y = bottom + 40;
  const back = (topic: string, from: { x: number; lane: PlacedLane }, to: typeof from) => {
    const fromY = lowestOf(from.lane);
    const toY = lowestOf(to.lane) + 4;
    const path = `M${from.x} ${fromY}V${y - 12}Q${from.x} ${y} ${from.x - 12} ${y}H${to.x + 12}Q${to.x} ${y} ${to.x} ${y - 12}V${toY}`;
    return { topic, path, label: { x: (from.x + to.x) / 2, y } };
  };
  const centre = ({ heading }: PlacedLane) => heading.x + heading.width / 2;
  const replies = back(
    "rec.replies.v1",
    { x: centre(dispatcher) - 16, lane: dispatcher },
    { x: centre(api), lane: api },
  );
  if (last === dispatcher) return [replies];
  const partials = back(
    "rec.partials.v1",
    { x: centre(last), lane: last },
    { x: centre(dispatcher) + 16, lane: dispatcher },
  );
  return [replies, partials];
}
