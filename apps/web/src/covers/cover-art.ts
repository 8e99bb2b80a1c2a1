/**
 * Draws a cover for a song: shapes on a square of 40 units. The genre chooses the colours, the
 * artist the kind of drawing, the song its details; so an artist's songs look like siblings.
 */
import { type Palette, palettesFor } from "./palettes.ts";
import { createRandomStream, type RandomStream } from "./random-stream.ts";

export interface CoverShape {
  /** SVG path data within 0..40. */
  readonly d: string;
  readonly fill: string;
}

export interface CoverArt {
  readonly ground: string;
  readonly shapes: readonly CoverShape[];
}

export interface CoverSubject {
  readonly id: string;
  readonly artist: string;
  readonly genre: string | null;
}

type Drawing = (random: RandomStream, palette: Palette) => readonly CoverShape[];

/** Few, large shapes: a cover must be told apart at 40 pixels. */
const DRAWINGS: readonly Drawing[] = [
  drawCrossfade,
  drawQuarters,
  drawHorizon,
  drawBars,
  drawRipples,
  drawRibbons,
  drawWaves,
  drawPetals,
  drawArches,
  drawDots,
];

export function coverArtFor(song: CoverSubject): CoverArt {
  const byArtist = createRandomStream(`artist ${song.artist}`);
  const bySong = createRandomStream(`song ${song.id}`);
  const palette = bySong.pick(palettesFor(song.genre));
  const draw = byArtist.pick(DRAWINGS);
  return { ground: palette.ground, shapes: draw(bySong, turned(palette, bySong.integer(0, 3))) };
}

/** The same colours in other parts: songs of one artist and palette still differ at a glance. */
function turned({ ground, inks }: Palette, by: number): Palette {
  const [a, b, c] = inks;
  return { ground, inks: ([inks, [b, c, a], [c, a, b]] as const)[by] ?? inks };
}

function drawCrossfade(random: RandomStream, { inks }: Palette): CoverShape[] {
  const radius = random.integer(11, 14);
  const lift = random.integer(-5, 6);
  const left = { x: 20 - radius * 0.55, y: 20 + lift };
  const right = { x: 20 + radius * 0.55, y: 20 - lift };
  return [
    { d: circle(left.x, left.y, radius), fill: inks[0] },
    { d: circle(right.x, right.y, radius), fill: inks[1] },
    { d: lens(left, right, radius), fill: inks[2] },
  ];
}

function drawQuarters(random: RandomStream, { inks }: Palette): CoverShape[] {
  const corners = ["0 0", "20 0", "0 20", "20 20"] as const;
  return corners.map((corner, index) => {
    const [x = 0, y = 0] = corner.split(" ").map(Number);
    return { d: quarter(x, y, 20, random.integer(0, 4)), fill: inks[index % 3] ?? inks[0] };
  });
}

function drawHorizon(random: RandomStream, { inks }: Palette): CoverShape[] {
  const line = random.integer(22, 28);
  const sun = circle(random.integer(13, 28), line - random.integer(2, 8), random.integer(8, 12));
  const gap = (40 - line) / 3;
  return [
    { d: sun, fill: inks[1] },
    { d: rectangle(0, line, 40, 40 - line), fill: inks[0] },
    { d: rectangle(0, line + gap * 0.9, 40, gap * 0.55), fill: inks[2] },
    { d: rectangle(0, line + gap * 2, 40, gap * 0.4), fill: inks[1] },
  ];
}

function drawBars(random: RandomStream, { inks }: Palette): CoverShape[] {
  const accent = random.integer(0, 5);
  return Array.from({ length: 5 }, (_, index) => {
    const height = random.integer(10, 33);
    const d = pill(4.5 + index * 6.6, 20 - height / 2, 4.6, height);
    return { d, fill: index === accent ? inks[2] : (inks[index % 2] ?? inks[0]) };
  });
}

function drawRipples(random: RandomStream, { ground, inks }: Palette): CoverShape[] {
  const [x, y] = random.pick([
    [0, 0],
    [40, 0],
    [0, 40],
    [40, 40],
    [20, 40],
    [20, 20],
  ] as const);
  const reach = x === 20 ? 19 : 36;
  const step = reach / random.pick([4, 5]);
  const fills = [inks[0], ground, inks[1], ground, inks[2]];
  return fills
    .map((fill, index) => ({ d: circle(x, y, Math.max(0, reach - index * step)), fill }))
    .filter(({ d }) => d !== "");
}

function drawRibbons(random: RandomStream, { inks }: Palette): CoverShape[] {
  const isRising = random.next() < 0.5;
  const start = random.integer(-8, 4);
  const width = random.integer(8, 11);
  return inks.map((fill, index) => {
    const at = start + index * (width + 3);
    const [from, to] = isRising ? [40, 0] : [0, 40];
    return { d: `M${at} ${from}h${width}L${at + width + 24} ${to}h${-width}Z`, fill };
  });
}

function drawWaves(random: RandomStream, { inks }: Palette): CoverShape[] {
  const swing = random.integer(5, 9) * (random.next() < 0.5 ? -1 : 1);
  return inks.map((fill, index) => {
    const y = 13 + index * 9;
    const d = `M0 ${y}C10 ${y - swing} 12 ${y - swing} 20 ${y}S32 ${y + swing} 40 ${y}V40H0Z`;
    return { d, fill };
  });
}

function drawPetals(random: RandomStream, { inks }: Palette): CoverShape[] {
  const turn = random.next() * Math.PI;
  const count = random.integer(5, 8);
  const petals = Array.from({ length: count }, (_, index) => {
    const angle = turn + (index / count) * 2 * Math.PI;
    const d = circle(20 + Math.cos(angle) * 10, 20 + Math.sin(angle) * 10, 5.6);
    return { d, fill: inks[index % 2] ?? inks[0] };
  });
  return [...petals, { d: circle(20, 20, 5.5), fill: inks[2] }];
}

function drawArches(random: RandomStream, { ground, inks }: Palette): CoverShape[] {
  const x = random.pick([13, 20, 27]);
  const widths = random.pick([
    [17, 12.5, 8.5, 4],
    [18, 11, 7.5, 3],
  ]);
  const fills = [inks[0], inks[1], inks[2], ground];
  return widths.map((width, index) => ({
    d: arch(x, width, 40 - width * 1.75),
    fill: fills[index] ?? ground,
  }));
}

function drawDots(random: RandomStream, { inks }: Palette): CoverShape[] {
  const accent = random.integer(0, 9);
  return Array.from({ length: 9 }, (_, index) => {
    const x = 8.5 + (index % 3) * 11.5;
    const y = 8.5 + Math.floor(index / 3) * 11.5;
    const radius = random.pick([2.4, 3.6, 4.8]);
    if (index === accent) return { d: circle(x, y, 5.4), fill: inks[2] };
    return { d: circle(x, y, radius), fill: inks[index % 2] ?? inks[0] };
  });
}

function circle(x: number, y: number, radius: number): string {
  if (radius <= 0) return "";
  const r = round(radius);
  return `M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${r * 2} 0a${r} ${r} 0 1 0 ${-r * 2} 0Z`;
}

/** The area that two circles of one radius share. */
function lens(
  left: { x: number; y: number },
  right: { x: number; y: number },
  radius: number,
): string {
  const half = { x: (right.x - left.x) / 2, y: (right.y - left.y) / 2 };
  const distance = Math.hypot(half.x, half.y);
  const reach = Math.sqrt(Math.max(0, radius ** 2 - distance ** 2)) / distance;
  const middle = { x: left.x + half.x, y: left.y + half.y };
  const a = `${round(middle.x + half.y * reach)} ${round(middle.y - half.x * reach)}`;
  const b = `${round(middle.x - half.y * reach)} ${round(middle.y + half.x * reach)}`;
  return `M${a}A${radius} ${radius} 0 0 1 ${b}A${radius} ${radius} 0 0 1 ${a}Z`;
}

/** A quarter disc that fills a square cell, its centre in one of the four corners. */
function quarter(x: number, y: number, size: number, corner: number): string {
  const end = { x: x + size, y: y + size };
  const arc = `A${size} ${size} 0 0`;
  const paths = [
    `M${x} ${y}H${end.x}${arc} 1 ${x} ${end.y}Z`,
    `M${end.x} ${y}V${end.y}${arc} 1 ${x} ${y}Z`,
    `M${end.x} ${end.y}H${x}${arc} 1 ${end.x} ${y}Z`,
    `M${x} ${end.y}V${y}${arc} 1 ${end.x} ${end.y}Z`,
  ];
  return paths[corner] ?? "";
}

/** A doorway that stands on the lower edge, as wide as twice its radius. */
function arch(x: number, radius: number, top: number): string {
  const r = round(radius);
  return `M${round(x - r)} 40V${round(top + r)}a${r} ${r} 0 0 1 ${r * 2} 0V40Z`;
}

function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
}

function pill(x: number, y: number, width: number, height: number): string {
  const r = round(width / 2);
  const side = round(height - width);
  const arc = `a${r} ${r} 0 0 1`;
  return `M${round(x)} ${round(y + r)}${arc} ${r * 2} 0v${side}${arc} ${-r * 2} 0Z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
